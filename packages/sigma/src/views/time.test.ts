import { expect, test } from 'vitest';
import { eventTime, readTime } from './time.ts';

test.each([
  ['2019-02-13T18:04:58.363696Z', 1550081098363.696],
  ['2019-04-27T15:57:25.868863200Z', 1556380645868.863],
  ['2020-09-21 19:26:05', 1600716365000],
  ['2020-09-22T05:26:05+1000', 1600716365000],
  [1588205199.82437, 1588205199824.37],
  [1621305118553, 1621305118553],
  ['1621305118', 1621305118000],
])('%s is read to the microsecond, UTC unless it says otherwise', (text, expected) => {
  expect(readTime(text)).toBe(expected);
});

test.each([[''], ['yesterday'], ['2020-13-99T99:99:99Z'], [-1], [Number.NaN], [1e30], [null], [{}]])(
  '%j is no time',
  (value) => {
    expect(readTime(value)).toBeUndefined();
  },
);

test('a Google Workspace record keeps its time under id', () => {
  const fields = { id: { time: '2022-12-10 22:55:38.478000000' } };
  expect(eventTime({ format: 'google-workspace', fields, logsources: [], routeKey: '' })).toBe(1670712938478);
});
