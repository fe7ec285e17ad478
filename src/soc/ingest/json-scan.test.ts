import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isJsonObject } from './json-scan.ts';

/** What JSON.parse says of the same bytes, each bad one read as U+FFFD. */
function parses(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

test('every JSON object is one, however it is written', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
      fc.constantFrom('', ' ', '\t'),
      (object, space) => {
        expect(isJsonObject(Buffer.from(JSON.stringify(object, null, space)), 100)).toBe(true);
      },
    ),
  );
});

test('what JSON.parse takes for an object is one, and nothing else is', () => {
  const piece = fc.constantFrom(
    ...'{ } [ ] , : " "a" "b": \\ \\u00e9 \\u12 \\n \\x 0 - -1 01 1.5 1. .5 e3 1e+3 1E true false null nul NaN é'.split(
      ' ',
    ),
    ...'{"a":1} {"a":[1,{"b":null}]} \u0001 \ufeff'.split(' '),
    ' ',
    '\n',
    '\u00a0',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      for (const text of [pieces.join(''), `{${pieces.join('')}}`, `{"a":${pieces.join('')}}`]) {
        const bytes = Buffer.from(text);
        expect([text, isJsonObject(bytes, 100)]).toEqual([text, parses(bytes)]);
      }
    }),
    { numRuns: 3000 },
  );
});

test('a good object with any one byte changed is judged as JSON.parse judges it', () => {
  const good = Buffer.from(
    '{"EventID": 1, "Image":"C:\\\\Windows\\\\é.exe", "n":[-1.5e3,null,true,{"a":{}}],"u":"\\u00e9"}',
  );
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
      const bytes = Buffer.from(good);
      bytes[at] = byte;
      expect(isJsonObject(bytes, 100)).toBe(parses(bytes));
      expect(isJsonObject(bytes.subarray(0, at), 100)).toBe(parses(bytes.subarray(0, at)));
    }),
    { numRuns: 3000 },
  );
});

test('no object is taken that is nested deeper than allowed', () => {
  const nested = (levels: number): Buffer => Buffer.from(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
  expect(isJsonObject(nested(100), 100)).toBe(true);
  expect(isJsonObject(nested(101), 100)).toBe(false);
  expect(isJsonObject(Buffer.from(`{"a":${'['.repeat(100)}${']'.repeat(100)}}`), 100)).toBe(false);
  expect(isJsonObject(nested(1_000_000), 100)).toBe(false);
});
