import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import type { RegexFlags } from '../ast.ts';
import { regexFlags } from '../parse/regex.ts';
import { automatonEngine } from './automaton.ts';

const plain: RegexFlags = { ignoreCase: false, multiLine: false, dotAll: false };
const rich = { pay: () => true };

function search(source: string, flags: RegexFlags, text: string): boolean | undefined {
  const regex = automatonEngine(source, flags);
  if ('refused' in regex) throw new Error(regex.refused);
  return regex.search(text, rich);
}

const atom = fc.constantFrom(
  'a',
  'b',
  's',
  'k',
  '.',
  '[ab]',
  '[^a]',
  '[a-c]',
  '\\d',
  '\\w',
  '\\s',
  '\\b',
  '\\B',
  '^',
  '$',
  '\\A',
  '\\z',
  'é',
  '😀',
  '\\x{1F600}',
  '\\pL',
  '-',
);
const source = fc
  .array(
    fc
      .tuple(atom, fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '|', '*?'))
      .map((both) => both.join('')),
    { minLength: 1, maxLength: 5 },
  )
  .chain((parts) =>
    fc.constantFrom(
      parts.join(''),
      `(${parts.join('')})+`,
      `(?i)${parts.join('')}`,
      `(?s:${parts.join('')})`,
    ),
  );
const flags = fc.record({ ignoreCase: fc.boolean(), multiLine: fc.boolean(), dotAll: fc.boolean() });
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'A',
      'b',
      'c',
      's',
      '\u017f',
      'k',
      '\u212a',
      'é',
      'É',
      '1',
      ' ',
      '\n',
      '😀',
      '\ud83d',
      '-',
      '_',
    ),
    {
      maxLength: 12,
    },
  )
  .map((chars) => chars.join(''));

test('any expression finds in any text what re2js finds itself', () => {
  fc.assert(
    fc.property(source, flags, text, (pattern, given, value) => {
      let theirs: boolean;
      try {
        theirs = RE2JS.compile(pattern, regexFlags(given)).matcher(value).find();
      } catch {
        return;
      }
      expect(search(pattern, given, value)).toBe(theirs);
    }),
    { numRuns: 4000 },
  );
});

describe('the steps are counted', () => {
  const count = (source_: string, value: string, most = Number.POSITIVE_INFINITY) => {
    const regex = automatonEngine(source_, plain);
    if ('refused' in regex) throw new Error(regex.refused);
    let spent = 0;
    const found = regex.search(value, { pay: (units) => (spent += units) <= most });
    return { found, spent };
  };
  test('the same search costs the same, and twice the text about twice as much', () => {
    const one = count('(a|b)*c', 'ab'.repeat(5000));
    expect(count('(a|b)*c', 'ab'.repeat(5000))).toEqual(one);
    expect(count('(a|b)*c', 'ab'.repeat(10_000)).spent).toBeLessThan(one.spent * 2.1);
  });
  test('without funds it stops within a step, undecided', () => {
    let seed = 1;
    const letters = Array.from({ length: 50_000 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed > 1_073_741_824 ? 'a' : 'b';
    }).join('');
    const { found, spent } = count('(a|b)*a(a|b){400}c', letters, 1_000_000);
    expect(found).toBeUndefined();
    // The last step that could not be paid: 150 units for each of some 2,000 instructions.
    expect(spent).toBeLessThan(1_000_000 + 400_000);
  });
  test('an automaton that outgrows its memory still gives the right answer', () => {
    let seed = 7;
    const letters = Array.from({ length: 30_000 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed > 1_073_741_824 ? 'a' : 'b';
    }).join('');
    expect(count('(a|b)*a(a|b){60}c', `${letters}c`).found).toBe(letters.at(-61) === 'a');
    expect(count('(a|b)*a(a|b){60}d', `${letters}c`).found).toBe(false);
  });
});
