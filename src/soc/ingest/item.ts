import type { Wire } from '#platform/spool';
import { isJsonObject } from './json-scan.ts';

/** Why a door does not let an item in: a stable code, and a sentence for the person who looks after the sender. */
export type Fault = { readonly code: string; readonly reason: string };

/** No log format nests deeper than a few dozen levels; what recurses over an event may rely on this. */
export const maxDepth = 100;

/**
 * Is this one JSON object that the pipeline can take? Invalid UTF-8 is let in: each bad byte is read as U+FFFD, and the
 * bytes are kept as they came, so that nobody hides an event behind a broken character.
 *
 * @returns undefined when it is
 */
export function jsonFault(bytes: Buffer, maxBytes: number): Fault | undefined {
  if (bytes.length > maxBytes) return tooLarge(bytes.length, maxBytes);
  if (isJsonObject(bytes, maxDepth)) return undefined;
  // It is faulty: find out in what way.
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    return {
      code: 'json-invalid',
      reason: `This is not valid JSON: ${error instanceof Error ? error.message.slice(0, 200) : ''}`,
    };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return {
      code: 'json-no-object',
      reason: 'An event is a JSON object, and this is another kind of value.',
    };
  }
  return isDeeper(value, maxDepth)
    ? { code: 'json-too-deep', reason: `This is nested more than ${maxDepth} levels deep.` }
    : undefined;
}

export const tooLarge = (sizeBytes: number, maxBytes: number): Fault => ({
  code: 'item-too-large',
  reason: `This item has ${sizeBytes} bytes; the most for one event is ${maxBytes}.`,
});

/** Recurses at most `levels` deep. */
function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true;
  for (const key in value) {
    // Any value that JSON can hold may stand there.
    const inner: unknown = value[key as keyof typeof value];
    if (typeof inner === 'object' && inner !== null && isDeeper(inner, levels - 1)) return true;
  }
  return false;
}

/** What a door would say to an item that is let in again; the limits are those of the doors. */
export function recheckItem(limits: { maxItemBytes: number; maxLineBytes: number }) {
  return (wire: Wire, bytes: Buffer): Fault | undefined => {
    if (wire === 'json') return jsonFault(bytes, limits.maxItemBytes);
    return bytes.length > limits.maxLineBytes ? tooLarge(bytes.length, limits.maxLineBytes) : undefined;
  };
}
