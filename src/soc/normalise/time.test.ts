import { expect, test } from 'vitest';
import { parseTime, plausible } from './time.ts';

test.each([
  ['2026-03-04T05:06:07.123456789Z', '2026-03-04T05:06:07.123Z'],
  ['2026-03-04 05:06:07.1', '2026-03-04T05:06:07.100Z'],
  ['2026-03-04T16:06:07+11:00', '2026-03-04T05:06:07.000Z'],
  ['2026-03-04T16:06:07.250000+1100', '2026-03-04T05:06:07.250Z'],
  ['2026-03-04T00:06:07-05', '2026-03-04T05:06:07.000Z'],
  ['2026-03-04 05:06:07 UTC', '2026-03-04T05:06:07.000Z'],
  [1772600767, '2026-03-04T05:06:07.000Z'],
  ['1772600767.25', '2026-03-04T05:06:07.250Z'],
  [1772600767250, '2026-03-04T05:06:07.250Z'],
  [1772600767250000, '2026-03-04T05:06:07.250Z'],
])('%s is %s', (value, expected) => {
  expect(new Date(parseTime(value)).toISOString()).toBe(expected);
});

test.each([
  '',
  'yesterday',
  '2026-13-04T05:06:07Z',
  '2026-03-04',
  '04/03/2026 05:06:07',
  '2026-03-04T05:06:07Q',
  null,
  {},
  -5,
  12,
])('%j is no time', (value) => {
  expect(parseTime(value)).toBeNaN();
});

test('a live source is believed 45 days back and a day ahead, a recording back to 1990', () => {
  const received = Date.UTC(2026, 2, 4);
  const day = 86_400_000;
  expect([-44, -46, 0.9, 1.1].map((days) => plausible(received + days * day, received, false))).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect([-46, -365 * 30, 1.1].map((days) => plausible(received + days * day, received, true))).toEqual([
    true,
    true,
    false,
  ]);
  expect(plausible(Date.UTC(1980, 0, 1), received, true)).toBe(false);
});
