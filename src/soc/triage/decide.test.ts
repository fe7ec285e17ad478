import { expect, test } from 'vitest';
import { decide, type Standing } from './decide.ts';

const at = new Date('2026-03-02T10:00:00Z');
const kim = { id: 'u1', name: 'Kim', at };
const lee = { id: 'u2', name: 'Lee' };
const fresh: Standing = { state: 'new', escalated: false, assignee: null, closed: null };
const closed: Standing = {
  ...fresh,
  state: 'closed',
  assignee: lee,
  closed: { outcome: 'benign', reason: 'known', at, by: 'Lee' },
};

test('who acknowledges an alert that nobody has, has it', () => {
  expect(decide(fresh, { action: 'acknowledge' }, kim, undefined)).toMatchObject({
    ok: true,
    standing: { state: 'acknowledged', assignee: { id: 'u1', name: 'Kim' } },
  });
});

test('acknowledging leaves an alert with whom it was assigned to', () => {
  expect(decide({ ...fresh, assignee: lee }, { action: 'acknowledge' }, kim, undefined)).toMatchObject({
    standing: { assignee: lee },
  });
});

test('closing keeps outcome, reason, time and person', () => {
  const done = decide(
    fresh,
    { action: 'close', outcome: 'false-positive', reason: 'backup job' },
    kim,
    undefined,
  );
  expect(done).toMatchObject({
    ok: true,
    standing: { state: 'closed', closed: { outcome: 'false-positive', reason: 'backup job', at, by: 'Kim' } },
    change: { action: 'closed', note: 'backup job', outcome: 'false-positive' },
  });
});

test('reopening clears the outcome', () => {
  expect(decide(closed, { action: 'reopen', reason: 'new facts' }, kim, undefined)).toMatchObject({
    standing: { state: 'acknowledged', closed: null },
  });
});

test('a note leaves everything as it stands', () => {
  expect(decide(closed, { action: 'note', note: 'seen' }, kim, undefined)).toMatchObject({
    ok: true,
    standing: closed,
  });
});

test.each([
  ['acknowledge', closed, { action: 'acknowledge' }],
  ['close', closed, { action: 'close', outcome: 'benign', reason: 'again' }],
  ['assign', closed, { action: 'assign', to: 'u1' }],
  ['escalate', closed, { action: 'escalate', reason: 'big' }],
  ['reopen', fresh, { action: 'reopen', reason: 'open' }],
  ['escalate twice', { ...fresh, escalated: true }, { action: 'escalate', reason: 'big' }],
  ['acknowledge twice', { ...fresh, state: 'acknowledged', assignee: lee }, { action: 'acknowledge' }],
] as const)('to %s where it makes no sense is refused with a reason', (_name, standing, action) => {
  const result = decide(standing, action, kim, { id: 'u1', name: 'Kim' });
  expect(result).toMatchObject({ ok: false, why: expect.stringMatching(/\.$/) });
});

test('an alert is not assigned to who may not work on it', () => {
  expect(decide(fresh, { action: 'assign', to: 'u9' }, kim, undefined).ok).toBe(false);
});
