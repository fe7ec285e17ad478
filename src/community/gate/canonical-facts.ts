import { createHash } from 'node:crypto';
import type { Facts } from './facts.ts';

/** Instants are written as `{"instant": "…Z"}`, so that they come back as such. */
const mark = 'instant';

/**
 * RFC 8785 in one pass, for facts: it is most of what a decision costs. The ledger's `canonical` is what it must agree with.
 * @throws {TypeError} {RangeError} for what JSON can't carry: such facts were never from a source of ours
 */
function written(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} is no fact`);
    return JSON.stringify(value);
  }
  if (typeof value !== 'object') throw new TypeError(`${typeof value} is no fact`);
  if (value instanceof Date) return `{"${mark}":"${value.toISOString()}"}`;
  let text = '';
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++)
      text += at === 0 ? written(value[at]) : `,${written(value[at])}`;
    return `[${text}]`;
  }
  // Its own members, each written by what it is.
  const members = value as Readonly<Record<string, unknown>>;
  // Without a comparison of its own, sort goes by UTF-16 code units, as the RFC wants.
  for (const name of Object.keys(members).sort()) {
    const member = members[name];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${written(member)}`;
  }
  return `{${text}}`;
}

/** One text for one set of facts: what is hashed, stored and replayed. @see RFC 8785 */
export const factsText = (facts: Facts): string => written(facts);

/** SHA-256, hex. */
export const hashText = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The facts that a text was made from. What does not fit a fact's shape is found by `decide`. */
export const factsOf = (text: string): Facts =>
  // Written by factsText; decide() looks at each value before it believes it.
  JSON.parse(text, (_name, value: unknown) => {
    if (typeof value !== 'object' || value === null || !(mark in value)) return value;
    const { instant } = value;
    return typeof instant === 'string' && Object.keys(value).length === 1 ? new Date(instant) : value;
  }) as Facts;
