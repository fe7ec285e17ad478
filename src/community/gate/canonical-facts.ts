import { createHash } from 'node:crypto';
import { canonical, type Json } from '#ledger';
import type { Facts } from './facts.ts';

/** Instants are written as `{"instant": "…Z"}`, so that they come back as such. */
const mark = 'instant';

/** @throws {TypeError} {RangeError} for what JSON can't carry: such facts were never from a source of ours */
function plain(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  if (value instanceof Date) return { [mark]: value.toISOString() };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object') throw new TypeError(`${typeof value} is no fact`);
  const members: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) if (member !== undefined) members[name] = plain(member);
  return members;
}

/** One text for one set of facts: what is hashed, stored and replayed. @see RFC 8785 */
export const factsText = (facts: Facts): string => canonical(plain(facts));

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
