import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical, type Json, storable } from './canonical.ts';

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

test('what PostgreSQL can not keep is replaced, at any depth', () => {
  expect(storable({ 'a\0': ['\ud800x', { b: 'y\0' }] })).toEqual({
    'a\uFFFD': ['\uFFFDx', { b: 'y\uFFFD' }],
  });
});
