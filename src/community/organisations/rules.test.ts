import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Appointment, type Given, lifeOf, monthsLater, type Verifier, verify } from './appointment.ts';
import { type Contact, standingOf } from './contact.ts';
import { office, type Office, severity, tenancyState } from './contract.ts';
import { retentionDays, step, transitions } from './life-cycle.ts';
import { abnOf, isEligible } from './organisation.ts';

const now = new Date('2026-05-04T08:00:00Z');
const day = 86_400_000;
const later = (days: number) => new Date(now.getTime() + days * day);

const proposed: Appointment = {
  id: 'a1',
  organisation: 'acme',
  personId: 'p1',
  personName: 'Pat',
  personEndedAt: null,
  office: 'cio',
  evidenceKind: 'letter',
  evidence: 'file 7',
  months: 12,
  mayDelegate: true,
  delegatedFrom: null,
  proposedBy: { id: 'u0', name: 'U' },
  proposedAt: now,
  inForceSince: null,
  expiresAt: null,
  endedAt: null,
  endedReason: null,
};
const inForce: Appointment = { ...proposed, inForceSince: now, expiresAt: later(365) };

describe('an appointment', () => {
  test('holds up to, and not at, its expiry: to the very millisecond', () => {
    const expiry = later(365);
    expect(lifeOf(inForce, new Date(expiry.getTime() - 1))).toBe('in-force');
    expect(lifeOf(inForce, expiry)).toBe('expired');
    expect(lifeOf(inForce, new Date(now.getTime() - 1))).toBe('proposed');
  });

  test('is over when it ends, and when its person leaves', () => {
    expect(lifeOf({ ...inForce, endedAt: later(1) }, later(1))).toBe('ended');
    expect(lifeOf({ ...inForce, endedAt: later(1) }, now)).toBe('in-force');
    expect(lifeOf({ ...inForce, personEndedAt: later(1) }, later(2))).toBe('ended');
  });

  test('that was delegated holds only while the one it comes from does', () => {
    const delegated = { ...inForce, id: 'a2', personId: 'p2', delegatedFrom: 'a1' };
    expect(lifeOf(delegated, later(1), inForce)).toBe('in-force');
    expect(lifeOf(delegated, later(1), { ...inForce, expiresAt: later(1) })).toBe('expired');
    expect(lifeOf(delegated, later(1), { ...inForce, personEndedAt: now })).toBe('ended');
    expect(lifeOf(delegated, later(1), undefined)).toBe('ended');
  });

  test('lasts calendar months, to the last day where the month is shorter', () => {
    expect(monthsLater(new Date('2028-02-29T10:00:00Z'), 12).toISOString()).toBe('2029-02-28T10:00:00.000Z');
    expect(monthsLater(new Date('2026-08-31T00:00:00Z'), 6).toISOString()).toBe('2027-02-28T00:00:00.000Z');
    expect(monthsLater(new Date('2026-12-15T00:00:00Z'), 1).toISOString()).toBe('2027-01-15T00:00:00.000Z');
  });
});

const verifiers = fc.record({
  userId: fc.constantFrom('u0', 'u1', 'u2', 'u3'),
  person: fc.option(
    fc.record({
      id: fc.constantFrom('p1', 'p2', 'p3'),
      organisation: fc.constantFrom('acme', 'beta', 'wattle'),
    }),
    { nil: undefined },
  ),
  ofProvider: fc.boolean(),
  offices: fc.uniqueArray(fc.constantFrom(...office.options), { maxLength: 3 }),
});

describe('a verification', () => {
  const staff = (userId: string, personId?: string): Verifier => ({
    userId,
    person: personId === undefined ? undefined : { id: personId, organisation: 'wattle' },
    ofProvider: true,
    offices: [],
  });
  const officer = (offices: readonly Office[], organisation = 'acme'): Verifier => ({
    userId: 'u9',
    person: { id: 'p9', organisation },
    ofProvider: false,
    offices,
  });

  test('takes two of the staff', () => {
    expect(verify(proposed, [], staff('u1'), now)).toEqual({ ok: true, standing: 'staff', complete: false });
    const first: Given = { userId: 'u1', personId: null, standing: 'staff' };
    expect(verify(proposed, [first], staff('u2'), now)).toEqual({
      ok: true,
      standing: 'staff',
      complete: true,
    });
    expect(verify(proposed, [first], staff('u1'), now)).toMatchObject({ ok: false, code: 'again' });
  });

  test('counts one person once, whatever accounts they have', () => {
    const first: Given = { userId: 'u1', personId: 'p5', standing: 'staff' };
    expect(verify(proposed, [first], staff('u2', 'p5'), now)).toMatchObject({ ok: false, code: 'again' });
  });

  test('takes one verified CIO, CISO or COO of the same organisation', () => {
    for (const held of ['cio', 'ciso', 'coo'] as const)
      expect(verify(proposed, [], officer([held]), now)).toEqual({
        ok: true,
        standing: 'officer',
        complete: true,
      });
    expect(verify(proposed, [], officer(['security-officer', 'approver']), now)).toMatchObject({
      code: 'no-standing',
    });
    expect(verify(proposed, [], officer(['cio'], 'beta'), now)).toMatchObject({ code: 'no-standing' });
  });

  test('that rests on an officer is not replaced by staff', () => {
    expect(verify({ ...proposed, evidenceKind: 'officer' }, [], staff('u1'), now)).toMatchObject({
      code: 'no-standing',
    });
  });

  test('is never one’s own, and never of what is settled', () => {
    fc.assert(
      fc.property(verifiers, fc.boolean(), (verifier, settled) => {
        const own = verify(
          settled ? inForce : proposed,
          [],
          { ...verifier, person: { id: 'p1', organisation: 'acme' } },
          now,
        );
        expect(own).toMatchObject({ ok: false, code: 'self' });
        if (verifier.person?.id !== 'p1')
          expect(verify(inForce, [], verifier, now)).toMatchObject({ ok: false, code: 'settled' });
      }),
    );
  });

  test('never puts an appointment in force by fewer than two people, without an officer', () => {
    fc.assert(
      fc.property(fc.array(verifiers, { maxLength: 8 }), (tried) => {
        const given: Given[] = [];
        for (const verifier of tried) {
          const found = verify(proposed, given, verifier, now);
          if (!found.ok) continue;
          if (found.complete && found.standing === 'staff') {
            expect(new Set([...given.map(({ userId }) => userId), verifier.userId]).size).toBe(2);
            expect(verifier.person?.id).not.toBe('p1');
          }
          if (found.standing === 'officer') expect(verifier.person?.organisation).toBe('acme');
          if (found.complete) return;
          given.push({
            userId: verifier.userId,
            personId: verifier.person?.id ?? null,
            standing: found.standing,
          });
        }
      }),
    );
  });
});

describe('the life of a tenancy', () => {
  const states = fc.constantFrom(...tenancyState.options);

  test('goes along the allowed transitions and no other', () => {
    fc.assert(
      fc.property(states, states, (from, to) => {
        const found = step({ state: from, retainedUntil: null }, to, now);
        expect(found.ok).toBe(transitions[from].includes(to));
      }),
    );
  });

  test('never reaches service without its conditions, nor leaves before its data may go', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(states, fc.integer({ min: 0, max: 40 })), { maxLength: 20 }), (tried) => {
        let at = now;
        let tenancy: { state: (typeof tried)[number][0]; retainedUntil: Date | null } = {
          state: 'invited',
          retainedUntil: null,
        };
        let leavingSince: Date | undefined;
        for (const [to, days] of tried) {
          at = new Date(at.getTime() + days * day);
          const found = step(tenancy, to, at);
          if (!found.ok) continue;
          if (to === 'active') expect(found.needsConditions).toBe(true);
          if (to === 'left' && tenancy.state === 'leaving')
            expect(at.getTime() - (leavingSince?.getTime() ?? NaN)).toBeGreaterThanOrEqual(
              retentionDays * day,
            );
          if (to === 'leaving') leavingSince = at;
          tenancy = { state: to, retainedUntil: found.retainedUntil };
        }
      }),
    );
  });

  test('keeps data for thirty days to the second', () => {
    const leaving = { state: 'leaving', retainedUntil: later(30) } as const;
    expect(step(leaving, 'left', new Date(later(30).getTime() - 1000)).ok).toBe(false);
    expect(step(leaving, 'left', later(30)).ok).toBe(true);
  });
});

describe('incident contacts', () => {
  const contact = (one: Contact['severity'], confirmedAt: Date, topic = ''): Contact => ({
    id: one,
    organisation: 'acme',
    severity: one,
    topic,
    rank: 1,
    name: 'n',
    phone: '1',
    email: 'e',
    confirmedAt,
    confirmedBy: 'x',
  });
  const matrix = severity.options.map((one) => contact(one, now));

  test.each([
    [0, 'fresh'],
    [89.999, 'fresh'],
    [90, 'warning'],
    [119.999, 'warning'],
    [120, 'blocking'],
  ])('after %d days are %s', (days, standing) => {
    expect(standingOf(matrix, later(days)).standing).toBe(standing);
  });

  test('are as old as the oldest', () => {
    const [first, ...rest] = matrix;
    if (first === undefined) throw new Error('the matrix has contacts');
    expect(standingOf([{ ...first, confirmedAt: later(-100) }, ...rest], now).standing).toBe('warning');
  });

  test('leave a gap where a severity has one only for a topic', () => {
    const gap = [...matrix.slice(1), contact('critical', now, 'privacy')];
    expect(standingOf(gap, now)).toMatchObject({
      standing: 'missing',
      why: expect.stringContaining('critical'),
    });
    expect(standingOf([], now).standing).toBe('missing');
  });
});

test('eligibility counts for a year', () => {
  const basis = 'government' as const;
  expect(isEligible({ basis, reviewedAt: now }, later(364.99))).toBe(true);
  expect(isEligible({ basis, reviewedAt: now }, later(365))).toBe(false);
  expect(isEligible({ basis: null, reviewedAt: now }, now)).toBe(false);
});

describe('an ABN', () => {
  test('is eleven digits that check', () => {
    // The Australian Taxation Office's own, and the example the register prints.
    expect(abnOf('51 824 753 556')).toBe('51824753556');
    expect(abnOf('53004085616')).toBe('53004085616');
  });
  test.each(['51824753557', '15824753556', '5182475355', '', 'abcdefghijk', '00000000000', '５1824753556'])(
    'is not %j',
    (text) => {
      expect(() => abnOf(text)).toThrow(/no ABN/);
    },
  );
});
