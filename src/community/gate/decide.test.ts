import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical } from '#ledger';
import { factsOf, factsText, isoOf } from './canonical-facts.ts';
import { decide, permits } from './decide.ts';
import type { FactName, Facts } from './facts.ts';
import { asks, factsFor, later, now, policy, without } from './testing.ts';

const actions = Object.keys(asks);
const permitted = actions.filter((action) => action !== 'data.export');
const names = Object.keys(factsFor('portal.use').facts) as FactName[]; // as testing.ts builds them

describe('a decision', () => {
  test.each(permitted)('permits %s when all is well', (action) => {
    expect(decide(factsFor(action), policy)).toMatchObject({
      decision: true,
      reasons: [],
      policyVersion: '1.1',
    });
  });

  test('never permits data to leave the site', () => {
    expect(decide(factsFor('data.export'), policy).reasons.map(({ gate }) => gate)).toEqual([
      'stays-on-site',
    ]);
  });

  test('tells every reason at once, and which are to be mended', () => {
    const { reasons, toMend } = decide(
      factsFor('support.connect', {
        clearance: null,
        customerApproval: null,
        providerApproval: null,
        support: null,
        device: { managed: false },
      }),
      policy,
    );
    expect(reasons.map(({ gate }) => gate)).toEqual([
      'cleared',
      'cleared-for-support',
      'customer-approved',
      'provider-approved',
      'device-managed',
      'support-live',
    ]);
    expect(toMend).toEqual(['cleared', 'customer-approved', 'device-managed']);
  });

  test('of a silent instance has one thing to mend', () => {
    const facts = factsFor('portal.use');
    const { reasons, toMend } = decide({ ...facts, at: later(60) }, policy);
    expect(reasons.length).toBeGreaterThan(5);
    expect(toMend).toEqual(['feed-alive']);
    const { toMend: late } = decide({ ...facts, at: later(16) }, policy);
    expect(late).toEqual(['feed-alive']);
  });

  test.each(['', 'portal.destroy', 'constructor', '__proto__', 'x'.repeat(5000)])(
    'denies the unknown action %j',
    (action) => {
      const { decision, reasons } = decide(factsFor('portal.use', {}, { action }), policy);
      expect([decision, reasons.map(({ gate }) => gate)]).toEqual([false, ['action-known']]);
      expect(reasons[0]?.staff.length).toBeLessThan(200);
    },
  );

  test('denies an unknown type of resource, beside everything else', () => {
    const { decision, reasons } = decide(
      factsFor('portal.use', { device: { managed: false } }, { resource: { type: 'spaceship', id: '1' } }),
      policy,
    );
    expect([decision, reasons.map(({ gate }) => gate)]).toEqual([false, ['resource-known']]);
  });

  test('of remote support comes with its duties and its end', () => {
    expect(decide(factsFor('support.connect'), policy).obligations).toEqual([
      { id: 'end-by', at: later(3000) },
      { id: 'record-session' },
      { id: 'tell-customer' },
    ]);
    expect(decide(factsFor('support.connect', { device: { managed: false } }), policy).obligations).toEqual(
      [],
    );
  });
});

test('facts are written as RFC 8785 wants it, like everything in the ledger', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = factsText({ at: now, ask: asks['portal.use'], facts: value } as never);
      const ask = asks['portal.use'];
      expect(text).toBe(
        canonical({ at: { instant: now.toISOString() }, ask: { ...ask }, facts: value } as never),
      );
    }),
  );
});

test('what is kept of a decision are the facts that its gates may look at, and they are enough to make it again', () => {
  fc.assert(
    fc.property(fc.constantFrom(...actions), fc.subarray(names), (action, removed) => {
      const facts = removed.reduce(without, factsFor(action));
      const decided = decide(facts, policy);
      const kept = factsOf(decided.factsText);
      expect(Object.keys(facts.facts)).toEqual(expect.arrayContaining(Object.keys(kept.facts)));
      expect(factsText(kept)).toBe(decided.factsText);
      expect(decide(kept, policy)).toEqual(decided);
    }),
  );
  const kept = (action: string) => Object.keys(factsOf(decide(factsFor(action), policy).factsText).facts);
  expect(kept('portal.use')).not.toContain('clearance');
  expect(kept('support.connect')).toContain('clearance');
});

test('instants are written as Date writes them', () => {
  const wide = fc.date({ noInvalidDate: true });
  const near = fc.date({ min: new Date(0), max: new Date('2400-03-01T00:00:00Z'), noInvalidDate: true });
  fc.assert(
    fc.property(fc.oneof(near, wide), (at) => {
      expect(isoOf(at.getTime())).toBe(at.toISOString());
    }),
    { numRuns: 5000 },
  );
  for (let day = Date.UTC(1999, 11, 1); day < Date.UTC(2101, 0); day += 86_399_999)
    expect(isoOf(day)).toBe(new Date(day).toISOString());
  expect(() => isoOf(Number.NaN)).toThrow(RangeError);
});

describe('whatever the facts are', () => {
  const anyAction = fc.constantFrom(...actions);

  test('removing facts never turns a denial into a permit', () => {
    fc.assert(
      fc.property(anyAction, fc.subarray(names), fc.subarray(names), (action, first, more) => {
        const fewer = first.reduce(without, factsFor(action));
        const least = more.reduce(without, fewer);
        expect(permits(fewer, policy)).toBe(decide(fewer, policy).decision);
        if (!decide(fewer, policy).decision) expect(decide(least, policy).decision).toBe(false);
        // And what was told before is still told: a reason does not vanish with another fact.
        const before = decide(fewer, policy).reasons.map(({ gate }) => gate);
        expect(decide(least, policy).reasons.map(({ gate }) => gate)).toEqual(expect.arrayContaining(before));
      }),
      { numRuns: 400 },
    );
  });

  test('the same facts give the same decision, also after they were written and read again', () => {
    fc.assert(
      fc.property(anyAction, fc.subarray(names), (action, removed) => {
        const facts = removed.reduce(without, factsFor(action));
        const again = factsOf(factsText(facts));
        expect(again).toEqual(facts);
        expect(decide(again, policy)).toEqual(decide(facts, policy));
      }),
      { numRuns: 200 },
    );
  });

  test('hostile values never throw and never permit', () => {
    const hostile = fc.oneof(
      fc.anything({ withDate: true, withBigInt: true, withNullPrototype: true, withSparseArray: true }),
      fc.record({ known: fc.constant(true), value: fc.anything(), at: fc.constant(now) }),
      fc.record({ known: fc.constant(true), value: fc.anything(), at: fc.anything() }),
    );
    fc.assert(
      fc.property(anyAction, fc.constantFrom(...names), hostile, (action, name, value) => {
        const facts = factsFor(action);
        // What a broken source or an edited record could hold.
        const spoilt = { ...facts, facts: { ...facts.facts, [name]: value } } as Facts;
        const before = decide(without(facts, name), policy);
        const after = decide(spoilt, policy);
        if (!before.decision && after.decision)
          // Only a value of the right shape can do what the missing one could not.
          expect((value as { known?: unknown }).known).toBe(true);
      }),
      { numRuns: 1000 },
    );
    for (const nonsense of [null, undefined, 1, 'x', {}, { at: now }, { at: now, ask: {}, facts: {} }])
      expect(decide(nonsense as never, policy)).toMatchObject({
        decision: false,
        toMend: ['request-readable'],
      });
  });
});
