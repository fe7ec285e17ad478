import type { PatternPart, RegexFlags, Test, TextTest } from '../ast.ts';
import { Refusal } from '../faults.ts';
import type { Params } from './params.ts';
import { timePartSql } from './times.ts';

/** Any of the tests, on the text that the SQL expression `x` gives. Equal kinds are asked together. */
export function anySql(tests: readonly Test[], x: string, params: Params): string {
  const parts: string[] = [];
  const lists = new Map<string, string[]>();
  for (const test of tests) {
    if (isPlain(test)) {
      const key = `${test.kind} ${test.cased}`;
      lists.set(key, [...(lists.get(key) ?? []), test.cased ? test.text : test.text.toLowerCase()]);
    } else parts.push(testSql(test, x, params));
  }
  for (const [key, texts] of lists) {
    const [kind = '', cased] = key.split(' ');
    const folded = cased === 'true' ? x : `lowerUTF8(${x})`;
    const [only] = texts;
    parts.push(
      texts.length === 1 && only !== undefined
        ? plainSql(kind, folded, params.text(only))
        : listSql(kind, folded, texts, params),
    );
  }
  return parts.length === 1 ? (parts[0] ?? '0') : `(${parts.join(' OR ')})`;
}

type Plain = Extract<TextTest, { text: string }>;

function isPlain(test: Test): test is Plain {
  return (
    test.kind === 'equals' ||
    test.kind === 'startsWith' ||
    test.kind === 'endsWith' ||
    test.kind === 'contains'
  );
}

export function plainSql(kind: string, x: string, wanted: string): string {
  switch (kind) {
    case 'equals':
      return `${x} = ${wanted}`;
    case 'startsWith':
      return `startsWith(${x}, ${wanted})`;
    case 'endsWith':
      return `endsWith(${x}, ${wanted})`;
    default:
      return `position(${x}, ${wanted}) > 0`;
  }
}

/** The engine's own limit is 255 needles. */
const mostNeedles = 250;

function listSql(kind: string, x: string, texts: readonly string[], params: Params): string {
  const list = params.texts(texts);
  if (kind === 'equals') return `has(${list}, ${x})`;
  if (kind === 'contains' && texts.length <= mostNeedles && texts.every((text) => text !== ''))
    return `multiSearchAny(${x}, ${list})`;
  return `arrayExists(w -> ${plainSql(kind, x, 'w')}, ${list})`;
}

const decimal = String.raw`^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$`;

function testSql(test: Exclude<Test, Plain>, x: string, params: Params): string {
  switch (test.kind) {
    case 'wildcard': {
      const pattern = test.parts.map(likePart).join('');
      return test.cased
        ? `${x} LIKE ${params.text(pattern)}`
        : `lowerUTF8(${x}) LIKE ${params.text(pattern.toLowerCase())}`;
    }
    case 'regex':
      return `match(${x}, ${params.text(flagged(test.source, test.flags))})`;
    case 'number':
      return `lowerUTF8(${x}) = ${params.text(test.text.toLowerCase())}`;
    case 'compare':
      return `(match(${x}, ${params.text(decimal)}) AND toFloat64OrZero(trimBoth(${x})) ${operators[test.order]} ${params.number(test.value)})`;
    case 'cidr':
      return cidrSql(test, x, params);
    case 'timePart':
      return timePartSql(test, x, params);
    default:
      throw new Refusal('internal', `A '${test.kind}' test is none of a text.`);
  }
}

const operators = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

function likePart(part: PatternPart): string {
  if (part.kind === 'text') return part.text.replace(/[\\%_]/g, '\\$&');
  return part.kind === 'one' ? '_' : '%';
}

/** The store's regexes let `.` cross lines unless told; Sigma's do not. */
function flagged(source: string, flags: RegexFlags): string {
  const on = `${flags.ignoreCase ? 'i' : ''}${flags.multiLine ? 'm' : ''}${flags.dotAll ? 's' : ''}`;
  return `(?${on}${flags.dotAll ? '' : '-s'})${source}`;
}

function cidrSql(test: Extract<Test, { kind: 'cidr' }>, x: string, params: Params): string {
  const last = test.base.map((byte, at) => byte | (0xff >> Math.min(8, Math.max(0, test.bits - at * 8))));
  const [is, to] = test.family === 4 ? ['isIPv4String', 'IPv4'] : ['isIPv6String', 'IPv6'];
  const bound = (bytes: readonly number[]) => `to${to}(${params.text(addressText(bytes))})`;
  return `(${is}(${x}) AND to${to}OrDefault(${x}) >= ${bound(test.base)} AND to${to}OrDefault(${x}) <= ${bound(last)})`;
}

function addressText(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const words: string[] = [];
  for (let at = 0; at < bytes.length; at += 2)
    words.push((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  return words.join(':');
}
