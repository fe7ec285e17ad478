import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  after,
  conflictOf,
  type State,
  type Step,
  states,
  steps,
  waitedSeconds,
  waitingOf,
} from './session.ts';

/** Every step that can be taken, and no other. */
const table: readonly (readonly [State, Step, State])[] = [
  ['requested', 'customer-approves', 'customer-approved'],
  ['requested', 'refuse', 'refused'],
  ['requested', 'expire', 'expired'],
  ['requested', 'cancel', 'cancelled'],
  ['customer-approved', 'provider-approves', 'provider-approved'],
  ['customer-approved', 'refuse', 'refused'],
  ['customer-approved', 'expire', 'expired'],
  ['customer-approved', 'cancel', 'cancelled'],
  ['provider-approved', 'start', 'live'],
  ['provider-approved', 'refuse', 'refused'],
  ['provider-approved', 'expire', 'expired'],
  ['provider-approved', 'cancel', 'cancelled'],
  ['live', 'end', 'ended'],
  ['ended', 'summarise', 'summarised'],
  ['summarised', 'countersign', 'countersigned'],
];

describe('a session', () => {
  test('takes the steps of the table from each state, and no other', () => {
    for (const state of states)
      for (const step of steps) {
        const expected = table.find(([from, by]) => from === state && by === step)?.[2];
        expect([state, step, after(state, step)]).toEqual([state, step, expected]);
      }
  });

  test('is live only after both approvals, in order, and never again after its end, whatever is tried', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 40 }), (tried) => {
        let state: State = 'requested';
        const taken: Step[] = [];
        for (const step of tried) {
          const next = after(state, step);
          if (next === undefined) continue;
          taken.push(step);
          state = next;
          if (state === 'live') expect(taken).toEqual(['customer-approves', 'provider-approves', 'start']);
        }
        expect(taken.filter((step) => step === 'start').length).toBeLessThanOrEqual(1);
        expect(new Set(taken).size).toBe(taken.length);
      }),
      { numRuns: 2000 },
    );
  });

  test('waits for exactly one side until it is over', () => {
    const at = (minutes: number): Date => new Date(Date.UTC(2026, 4, 4, 8, minutes));
    const times = {
      requestedAt: at(0),
      customerApprovedAt: at(10),
      providerApprovedAt: at(13),
      startedAt: at(14),
      endedAt: at(30),
      summarisedAt: at(40),
      countersignedAt: null,
    };
    expect(waitingOf('summarised', times)).toEqual({ on: 'customer', since: at(40) });
    expect(waitedSeconds('summarised', times, at(45))).toEqual({
      customer: 900,
      provider: 180,
      engineer: 660,
    });
    expect(waitingOf('live', times)).toBeNull();
    expect(waitingOf('countersigned', times)).toBeNull();
  });
});

describe('segregation of duties', () => {
  const parties = { kind: 'planned', requester: 'rae', engineers: ['eli', 'eva'], customer: 'cas' } as const;
  test.each([
    ['rae', /asked for/],
    ['eli', /engineers/],
    ['eva', /engineers/],
    ['cas', /for the customer/],
  ])('keeps %s from approving', (user, why) => {
    expect(conflictOf(parties, user)).toMatch(why);
  });
  test('lets somebody else', () => {
    expect(conflictOf(parties, 'coo')).toBeUndefined();
  });
});
