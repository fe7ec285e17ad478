import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWorkingDay, national, workingDaysAfter } from './working-days.ts';

// Times with their offset: +10:00 in winter, +11:00 in summer.
test.each([
  ['a Monday', '2026-05-04T09:00:00+10:00', '2026-05-06T09:00:00+10:00'],
  ['a Thursday: over the weekend', '2026-05-07T16:30:00+10:00', '2026-05-11T16:30:00+10:00'],
  ['a Friday', '2026-05-08T23:59:00+10:00', '2026-05-12T23:59:00+10:00'],
  ['a Saturday: from Monday morning', '2026-05-09T13:00:00+10:00', '2026-05-13T00:00:00+10:00'],
  ['a Sunday', '2026-05-10T01:00:00+10:00', '2026-05-13T00:00:00+10:00'],
  ['the Thursday before Easter', '2026-04-02T10:00:00+11:00', '2026-04-08T09:00:00+10:00'],
  ['Christmas eve', '2026-12-24T10:00:00+11:00', '2026-12-30T10:00:00+11:00'],
  ['Sunday there while it is Saturday in UTC', '2026-05-09T15:00:00Z', '2026-05-12T14:00:00Z'],
])('two working days after %s', (_, from, due) => {
  expect(workingDaysAfter(new Date(from), 2).toISOString()).toBe(new Date(due).toISOString());
});

test('the day that it is due is always a working day, later, and at most a fortnight away', () => {
  const times = fc.date({ min: new Date('2026-01-01'), max: new Date('2028-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(times, (from) => {
      const due = workingDaysAfter(from, 2);
      expect(isWorkingDay(due, national)).toBe(true);
      expect(due.getTime() - from.getTime()).toBeGreaterThan(86_400_000);
      expect(due.getTime() - from.getTime()).toBeLessThan(14 * 86_400_000);
    }),
  );
});
