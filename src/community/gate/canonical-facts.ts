import { hash } from 'node:crypto';
import type { FactName, Facts } from './facts.ts';
import { memberNames, shapes } from './shapes.ts';

/** Instants are written as `{"instant": "…Z"}`, so that they come back as such. */
const mark = 'instant';

/** Nothing in it that JSON escapes. */
const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const quoted = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text));

/**
 * By UTF-16 code units, as the RFC wants and as `sort` does without a comparison of its own. In place, one by one: most objects
 * have a handful of members, and `sort` takes longer to begin than they take to sort.
 */
function sortedNames(members: object): string[] {
  const names = Object.keys(members);
  if (names.length > 40) return names.sort();
  for (let at = 1; at < names.length; at++) {
    const name = names[at] ?? '';
    let to = at;
    for (; to > 0 && (names[to - 1] ?? '') > name; to--) names[to] = names[to - 1] ?? '';
    names[to] = name;
  }
  return names;
}

/** Facts of one moment share their instants, and writing one costs more than finding it again. */
type Instants = Map<number, string>;

function instant(value: Date, instants: Instants): string {
  const at = value.getTime();
  const before = instants.get(at);
  if (before !== undefined) return before;
  const text = `{"${mark}":"${isoOf(at)}"}`;
  instants.set(at, text);
  return text;
}

const dayMilliseconds = 86_400_000;
const endOfPlainYears = Date.UTC(10_000, 0);
const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);

/**
 * `toISOString`, in a fraction of its time, of what is written all day: from 1970, with a year of four digits.
 * @throws {RangeError} as it does
 */
export function isoOf(at: number): string {
  if (!(at >= 0 && at < endOfPlainYears)) return new Date(at).toISOString();
  // The calendar from days alone, by years that begin in March: a leap day is then the last of its year.
  const days = Math.floor(at / dayMilliseconds);
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const rest = at - days * dayMilliseconds;
  const seconds = Math.floor(rest / 1000);
  const thousandths = rest - seconds * 1000;
  const minutes = Math.floor(seconds / 60);
  return `${year}-${two(month)}-${two(day)}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}.${thousandths < 100 ? '0' : ''}${two(thousandths)}Z`;
}

/** Names of members as they are written, made once for those that facts have. */
const writtenNames: ReadonlyMap<string, string> = new Map(
  [...memberNames, ...Object.keys(shapes)].map((name) => [name, `"${name}":`]),
);
const nameOf = (name: string): string => writtenNames.get(name) ?? `${quoted(name)}:`;

/**
 * RFC 8785 in one pass, for facts: it is most of what a decision costs. The ledger's `canonical` is what it must agree with.
 * @param out takes the pieces: one text of many is made faster at the end
 * @throws {TypeError} {RangeError} for what JSON can't carry: such facts were never from a source of ours
 */
function write(out: string[], value: unknown, instants: Instants): void {
  if (typeof value === 'string') out.push(quoted(value));
  else if (value === null) out.push('null');
  else if (typeof value === 'boolean') out.push(value ? 'true' : 'false');
  else if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} is no fact`);
    out.push(JSON.stringify(value));
  } else if (typeof value !== 'object') throw new TypeError(`${typeof value} is no fact`);
  else if (value instanceof Date) out.push(instant(value, instants));
  else if (Array.isArray(value)) {
    let before = '[';
    for (let at = 0; at < value.length; at++, before = ',') {
      out.push(before);
      write(out, value[at], instants);
    }
    out.push(before === '[' ? '[]' : ']');
  } else {
    // Its own members, each written by what it is.
    const members = value as Readonly<Record<string, unknown>>;
    let before = '{';
    for (const name of sortedNames(members)) {
      const member = members[name];
      if (member === undefined) continue;
      out.push(before, nameOf(name));
      write(out, member, instants);
      before = ',';
    }
    out.push(before === '{' ? '{}' : '}');
  }
}

/**
 * One text for one set of facts: what is hashed, stored and replayed. @see RFC 8785
 * @param only these of them, in the order of `sort`; left out: all
 */
export function factsText(facts: Facts, only?: readonly FactName[]): string {
  const out: string[] = [];
  const instants: Instants = new Map();
  if (only === undefined) {
    write(out, facts, instants);
    return out.join('');
  }
  out.push('{"ask":');
  write(out, facts.ask, instants);
  out.push(',"at":');
  write(out, facts.at, instants);
  let before = ',"facts":{';
  for (const name of only) {
    const fact = facts.facts[name];
    if (fact === undefined) continue;
    out.push(before, nameOf(name));
    writeFact(out, fact, instants);
    before = ',';
  }
  out.push(before === ',' ? '}}' : ',"facts":{}}');
  return out.join('');
}

/** What most facts are, without looking for what else they might be. */
function writeFact(out: string[], fact: NonNullable<Facts['facts'][FactName]>, instants: Instants): void {
  const plainly =
    fact?.known === true &&
    fact.at instanceof Date &&
    typeof fact.source === 'string' &&
    fact.value !== undefined &&
    Object.keys(fact).length === 4;
  if (!plainly) return write(out, fact, instants);
  out.push('{"at":', instant(fact.at, instants), ',"known":true,"source":', quoted(fact.source), ',"value":');
  write(out, fact.value, instants);
  out.push('}');
}

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
