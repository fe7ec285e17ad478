import { expect, test } from 'vitest';
import { LookCosts } from './look-costs.ts';

test('a rule costs the mean over the looks of all workers, as they last said', () => {
  const costs = new LookCosts();
  expect(costs.microseconds('a')).toBeNull();
  costs.tell(1, [{ ruleId: 'a', looks: 100, lookMicroseconds: 9 }]);
  costs.tell(1, [{ ruleId: 'a', looks: 300, lookMicroseconds: 1 }]);
  costs.tell(2, [
    { ruleId: 'a', looks: 50, lookMicroseconds: 8 },
    { ruleId: 'a', looks: 50, lookMicroseconds: 2 },
    { ruleId: 'b', looks: 7, lookMicroseconds: 0.5 },
  ]);
  expect(costs.microseconds('a')).toBe(2);
  expect(costs.microseconds('b')).toBe(0.5);
  expect(costs.microseconds('c')).toBeNull();
  costs.forget(2);
  expect(costs.microseconds('b')).toBeNull();
});
