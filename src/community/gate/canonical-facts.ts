import { hash } from 'node:crypto';
import type { Facts } from './facts.ts';

/** Instants are written as `{"instant": "…Z"}`, so that they come back as such. */
const mark = 'instant';

/** Nothing in it that JSON escapes. */
const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const quoted = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text));

/** By UTF-16 code units, as the RFC wants and as `sort` does without a comparison of its own. */
function sortedNames(members: object): string[] {
  const names = Object.keys(members);
  for (let at = 1; at < names.length; at++)
    if ((names[at - 1] ?? '') > (names[at] ?? '')) return names.sort();
  return names;
}

/** Facts of one moment share their instants, and writing one costs more than finding it again. */
type Instants = Map<number, string>;

function instant(value: Date, instants: Instants): string {
  const at = value.getTime();
  const before = instants.get(at);
  if (before !== undefined) return before;
  const text = `{"${mark}":"${value.toISOString()}"}`;
  instants.set(at, text);
  return text;
}

/**
 * RFC 8785 in one pass, for facts: it is most of what a decision costs. The ledger's `canonical` is what it must agree with.
 * @throws {TypeError} {RangeError} for what JSON can't carry: such facts were never from a source of ours
 */
function written(value: unknown, instants: Instants): string {
  if (typeof value === 'string') return quoted(value);
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} is no fact`);
    return JSON.stringify(value);
  }
  if (typeof value !== 'object') throw new TypeError(`${typeof value} is no fact`);
  if (value instanceof Date) return instant(value, instants);
  let text = '';
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++)
      text += at === 0 ? written(value[at], instants) : `,${written(value[at], instants)}`;
    return `[${text}]`;
  }
  // Its own members, each written by what it is.
  const members = value as Readonly<Record<string, unknown>>;
  for (const name of sortedNames(members)) {
    const member = members[name];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${quoted(name)}:${written(member, instants)}`;
  }
  return `{${text}}`;
}

/** One text for one set of facts: what is hashed, stored and replayed. @see RFC 8785 */
export const factsText = (facts: Facts): string => written(facts, new Map());

/** SHA-256, hex. */
export const hashText = (text: string): string => hash('sha256', text, 'hex');

/** The facts that a text was made from. What does not fit a fact's shape is found by `decide`. */
export const factsOf = (text: string): Facts =>
  // Written by factsText; decide() looks at each value before it believes it.
  JSON.parse(text, (_name, value: unknown) => {
    if (typeof value !== 'object' || value === null || !(mark in value)) return value;
    const { instant } = value;
    return typeof instant === 'string' && Object.keys(value).length === 1 ? new Date(instant) : value;
  }) as Facts;
