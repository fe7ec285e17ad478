import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical, canonicalStorable, type Json, storable } from './canonical.ts';

test.each([
  [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
  [{ '\u20ac': 1, '\r': 2, '1': 3, '\ud83d\ude00': 4, '\u00f6': 5 }, '{"\\r":2,"1":3,"ö":5,"€":1,"😀":4}'],
  [1e30, '1e+30'],
  [-0, '0'],
  [4.5, '4.5'],
  [{}, '{}'],
])('%j is written as %s', (value, expected) => {
  expect(canonical(value as Json)).toBe(expected);
});

test('numbers that JSON has no word for are refused', () => {
  expect(() => canonical({ a: [Number.NaN] })).toThrow(TypeError);
  expect(() => canonical(Number.POSITIVE_INFINITY)).toThrow(TypeError);
});

test('the order in which members came makes no difference', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(canonical(turned as Json)).toBe(canonical(value as Json));
      expect(JSON.parse(canonical(value as Json))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('in one pass comes what comes in two: what can not be kept is replaced, then written in order', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\0', '\ud800', '\udc00', '"', 'é') });
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      text,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      tie('list'),
      tie('object'),
    ),
    list: fc.array(tie('value'), { maxLength: 3 }),
    object: fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  })).object;
  fc.assert(
    fc.property(value, (given) => {
      const json = given as Json; // made of nothing else
      expect(canonicalStorable(json)).toBe(canonical(storable(json)));
    }),
  );
});

test('what PostgreSQL can not keep is replaced, at any depth', () => {
  expect(storable({ 'a\0': ['\ud800x', { b: 'y\0' }] })).toEqual({
    'a\uFFFD': ['\uFFFDx', { b: 'y\uFFFD' }],
  });
});
