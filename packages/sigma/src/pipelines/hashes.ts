import type { FieldItem, Selection, Test } from '../ast.ts';
import { Refusal } from '../faults.ts';
import type { Change } from './pipeline.ts';
import { textsOf } from './values.ts';

const byLength: Readonly<Record<number, string>> = { 32: 'MD5', 40: 'SHA1', 64: 'SHA256', 128: 'SHA512' };

/** `Hashes: [SHA1=…, MD5=…]` as one field for each algorithm, any of which may have its hash. @throws {Refusal} */
export function hashFields(change: Extract<Change, { type: 'hashes_fields' }>, item: FieldItem): Selection {
  const byField = new Map<string, Test[]>();
  const found = item.tests.map((test) => textsOf([test]));
  if (found.some((texts) => texts.length === 0)) return item;
  if (item.join === 'all' && found.length > 1)
    throw new Refusal('pipeline', `hashes of '${item.field}' that must all be there can't become fields.`);
  for (const [text = ''] of found) {
    const { algorithm, hash } = readHash(text);
    if (!change.algorithms.includes(algorithm)) continue;
    const field = change.prefix + (change.dropAlgorithm ? '' : algorithm);
    const tests = byField.get(field) ?? [];
    tests.push({ kind: 'equals', text: hash, cased: false });
    byField.set(field, tests);
  }
  if (byField.size === 0)
    throw new Refusal(
      'pipeline',
      `'${item.field}' has no hash of an algorithm it asks for (${change.algorithms.join(', ')}).`,
    );
  const of = [...byField].map(([field, tests]): FieldItem => ({ ...item, field, tests, join: 'any' }));
  const [only] = of;
  return of.length === 1 && only ? only : { kind: item.negated ? 'and' : 'or', of };
}

/** `SHA1=…`, `SHA1|…`, or a bare hash that its length tells. */
function readHash(text: string): { algorithm: string; hash: string } {
  const parts = text.split(text.includes('|') ? '|' : '=');
  const [first = '', second] = parts;
  const clean = (part: string): string => part.replace(/^\*+|\*+$/g, '');
  if (parts.length === 2 && second !== undefined)
    return { algorithm: clean(first).toUpperCase(), hash: clean(second) };
  return { algorithm: byLength[clean(first).length] ?? '', hash: clean(first) };
}
