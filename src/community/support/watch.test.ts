import { expect, test } from 'vitest';
import { createWatch } from './watch.ts';

const start = Date.parse('2026-05-04T08:00:00Z');
const minute = 60_000;
const session = { id: 's', minutes: 30, endsAt: new Date(start + 30 * minute) };

/** The clock on the wall is `wall` minutes off after `passed` minutes of the other. */
const looks = (...seen: readonly (readonly [passed: number, wall: number])[]): boolean[] => {
  let passed = 0;
  const watch = createWatch(() => passed);
  return seen.map(([minutes, wall]) => {
    passed = minutes * minute;
    return watch.isOver(session, new Date(start + (minutes + wall) * minute));
  });
};

test('a session is over at the very moment that its minutes are', () => {
  expect(looks([0, 0], [29.999, 0], [30, 0])).toEqual([false, false, true]);
});

test('a clock that is set back makes it no longer', () => {
  expect(looks([0, 0], [10, -60], [29.999, -60], [30, -60])).toEqual([false, false, false, true]);
});

test('nor one that was set back before anybody looked: it lasts no longer than its minutes', () => {
  expect(looks([0, -600], [29.999, -600], [30, -600])).toEqual([false, false, true]);
});

test('a clock that is set forward ends it, and back again does not bring the time back', () => {
  expect(looks([0, 0], [1, 28], [2, 0], [2.001, 0], [3, 28])).toEqual([false, false, true, true, true]);
});

test('what was forgotten begins anew, what was kept does not', () => {
  let passed = 0;
  const watch = createWatch(() => passed);
  const now = new Date(start);
  watch.isOver(session, now);
  passed = 30 * minute;
  watch.keepOnly(new Set(['s']));
  expect(watch.isOver(session, now)).toBe(true);
  watch.keepOnly(new Set());
  expect(watch.isOver(session, now)).toBe(false);
});
