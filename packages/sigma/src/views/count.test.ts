import { expect, test } from 'vitest';
import { tooManyValues } from '../index.ts';

const object = (keys: number): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, at) => [`k${at}`, at])));

test('an event of more than 30,000 fields or list items is told before it is parsed', () => {
  expect(tooManyValues(object(60_000))).toBe(true);
  expect(tooManyValues(JSON.stringify({ a: Array.from({ length: 120_000 }, () => 1) }))).toBe(true);
  expect(tooManyValues('['.repeat(120_000))).toBe(true);
});

test('a big event of few values is none of them, whatever its texts hold', () => {
  expect(tooManyValues(object(25_000))).toBe(false);
  expect(tooManyValues(JSON.stringify({ a: ',:,["\\'.repeat(100_000), b: '\\' }))).toBe(false);
  expect(tooManyValues(`{"a":"${'\\"'.repeat(200_000)}`)).toBe(false);
  expect(tooManyValues('')).toBe(false);
});
