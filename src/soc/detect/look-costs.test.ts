import { expect, test } from 'vitest';
import { LookCosts } from './look-costs.ts';

test('a rule costs the mean over the looks of all workers, as they last said', () => {
  const costs = new LookCosts();
  expect(costs.microseconds('a')).toBeNull();
  costs.tell(1, [{ ruleId: 'a', looks: 100, lookMicroseconds: 9, undecided: 0 }]);
  costs.tell(1, [{ ruleId: 'a', looks: 300, lookMicroseconds: 1, undecided: 0 }]);
  costs.tell(2, [
    { ruleId: 'a', looks: 50, lookMicroseconds: 8, undecided: 0 },
    { ruleId: 'a', looks: 50, lookMicroseconds: 2, undecided: 0 },
    { ruleId: 'b', looks: 7, lookMicroseconds: 0.5, undecided: 0 },
  ]);
  expect(costs.microseconds('a')).toBe(2);
  expect(costs.microseconds('b')).toBe(0.5);
  expect(costs.microseconds('c')).toBeNull();
  costs.forget(2);
  expect(costs.microseconds('b')).toBeNull();
});

test('looks without an answer add up over forms and workers, also of a rule that was never timed', () => {
  const costs = new LookCosts();
  expect(costs.undecided('a')).toBe(0);
  costs.tell(1, [
    { ruleId: 'a', looks: 3, lookMicroseconds: null, undecided: 1 },
    { ruleId: 'a', looks: 3, lookMicroseconds: null, undecided: 2 },
  ]);
  costs.tell(2, [{ ruleId: 'a', looks: 9, lookMicroseconds: 4, undecided: 4 }]);
  expect(costs.undecided('a')).toBe(7);
  expect(costs.microseconds('a')).toBe(4);
  costs.forget(2);
  expect(costs.undecided('a')).toBe(3);
  expect(costs.microseconds('a')).toBeNull();
});
