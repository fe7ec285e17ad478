import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactNumbers } from './exact-numbers.ts';

test('numbers longer than a double holds are put in quotes, all others stay', () => {
  expect(exactNumbers('{"a":-9223372036854775808,"b":[12345678901234567, 1],"c":1234567890123456}')).toBe(
    '{"a":"-9223372036854775808","b":["12345678901234567", 1],"c":1234567890123456}',
  );
});

test('every long number is found, wherever it stands', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.stringMatching(/^\d{1,20}$/), fc.string({ maxLength: 30 }))),
      fc.stringMatching(/^[1-9]\d{16,24}$/),
      (before, digits) => {
        const start = JSON.stringify(before).slice(0, -1);
        const found = exactNumbers(`${start}${before.length > 0 ? ',' : ''}${digits}]`);
        expect(found.endsWith(`"${digits}"]`)).toBe(true);
      },
    ),
  );
});

test('JSON without a long number is the same string', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      if (!/\d{17}/.test(json)) expect(exactNumbers(json)).toBe(json);
    }),
  );
});
