import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldCaps, flattenFields } from './flatten.ts';

function flat(record: Record<string, unknown>): { fields: Record<string, string>; whole: boolean } {
  const fields: Record<string, string> = {};
  const whole = flattenFields(record, (name, value) => {
    fields[name] = value;
  });
  return { fields, whole };
}

test('leaves are found under the path a rule would name', () => {
  expect(
    flat({ a: 1, b: { c: true, d: { e: 'x' } }, 'id.orig_h': '10.0.0.1', n: null, none: {}, empty: [] }),
  ).toEqual({
    fields: { a: '1', 'b.c': 'true', 'b.d.e': 'x', 'id.orig_h': '10.0.0.1' },
    whole: true,
  });
  expect(flat({ list: ['a', 2], objects: [{ x: 1 }, { x: 2 }] }).fields).toEqual({
    list: '["a",2]',
    'objects.0.x': '1',
    'objects.1.x': '2',
  });
});

test('5,000 fields, 100 levels and a long value are cut, and it says so', () => {
  const wide = flat(Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`f${at}`, at])));
  expect(Object.keys(wide.fields)).toHaveLength(fieldCaps.count);
  expect(wide.whole).toBe(false);
  let deep: unknown = 'x';
  for (let level = 0; level < 100; level++) deep = { deep };
  expect(flat({ deep }).whole).toBe(false);
  const long = flat({ a: 'x'.repeat(100_000) });
  expect([long.fields['a']?.length, long.whole]).toEqual([fieldCaps.valueLength, false]);
});

test('what comes out of any JSON object stays within the caps', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
      let total = 0;
      let count = 0;
      flattenFields(record as Record<string, unknown>, (name, value) => {
        total += name.length + value.length;
        count++;
      });
      expect(count).toBeLessThanOrEqual(fieldCaps.count);
      expect(total).toBeLessThanOrEqual(fieldCaps.totalLength + fieldCaps.nameLength);
    }),
  );
});
