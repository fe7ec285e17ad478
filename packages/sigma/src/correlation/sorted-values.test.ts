import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SortedValues } from './sorted-values.ts';

test('holds what a sorted array holds, whatever comes and goes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: -20, max: 20 }))), (steps) => {
      const values = new SortedValues();
      let plain: number[] = [];
      for (const [add, value] of steps) {
        if (add) {
          values.add(value);
          plain = [...plain, value].sort((a, b) => a - b);
        } else {
          const at = plain.indexOf(value);
          expect(values.remove(value)).toBe(at >= 0);
          if (at >= 0) plain.splice(at, 1);
        }
      }
      expect(values.size).toBe(plain.length);
      expect(plain.map((_, i) => values.at(i + 1))).toEqual(plain);
      expect(values.at(plain.length + 1)).toBeUndefined();
    }),
  );
});

test('stays in order over many blocks', () => {
  const values = new SortedValues();
  for (let i = 0; i < 5000; i++) values.add((i * 7919) % 5000);
  expect([1, 2500, 5000].map((rank) => values.at(rank))).toEqual([0, 2499, 4999]);
  for (let i = 0; i < 5000; i += 2) values.remove(i);
  expect(values.at(1)).toBe(1);
  expect(values.size).toBe(2500);
});
