import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atLeast, type Clearance, citizenshipAccepted, clearanceParameters, usable } from './clearance.ts';
import { carried } from './clearances.ts';
import { clearanceLevel, clearanceStatus } from './contract.ts';

const now = new Date('2026-05-04T08:00:00Z');
const day = 86_400_000;
const ago = (days: number) => new Date(now.getTime() - days * day);

const good: Clearance = {
  personId: 'p1',
  version: 1,
  level: 'nv1',
  status: 'active',
  sponsor: 'Wattle',
  sponsorActive: true,
  grantedOn: '2020-01-01',
  revalidationDueOn: '2030-01-01',
  confirmedAt: ago(10),
  confirmedBy: 'Sam',
  confirmationEvidence: 'call 7',
  citizenships: ['AU'],
  waiver: null,
  waiverUntil: null,
  change: 'set',
  by: { id: 'u', name: 'U' },
  at: ago(10),
};
const codes = (clearance: Clearance | undefined, parameters = clearanceParameters) =>
  usable(clearance, now, parameters).why.map(({ code }) => code);

describe('a clearance', () => {
  test('that is active, sponsored and confirmed is usable at its level', () => {
    expect(usable(good, now)).toEqual({ usable: true, level: 'nv1', why: [] });
  });

  test('that is missing, or of level none, is no clearance', () => {
    for (const one of [undefined, { ...good, level: 'none' as const }])
      expect(usable(one, now)).toMatchObject({
        usable: false,
        level: 'none',
        why: [{ code: 'no-clearance' }],
      });
  });

  test.each([
    [{ status: 'suspended' as const }, 'not-active'],
    [{ sponsorActive: false }, 'sponsor-inactive'],
    [{ confirmedAt: null }, 'never-confirmed'],
    [{ confirmedAt: ago(366) }, 'confirmation-old'],
    [{ confirmedAt: ago(-1) }, 'confirmation-old'],
  ])('with %j is not usable: %s', (part, code) => {
    expect(usable({ ...good, ...part }, now)).toMatchObject({ usable: false, level: 'none' });
    expect(codes({ ...good, ...part })).toEqual([code]);
  });

  test('names every reason at once', () => {
    expect(codes({ ...good, status: 'ceased', sponsorActive: false, confirmedAt: null })).toEqual([
      'not-active',
      'sponsor-inactive',
      'never-confirmed',
    ]);
  });

  test('is usable until the very end of the 365th day after its confirmation, and not then', () => {
    const confirmedAt = ago(365);
    expect(usable({ ...good, confirmedAt }, new Date(now.getTime() - 1)).usable).toBe(true);
    expect(usable({ ...good, confirmedAt }, now).usable).toBe(false);
  });

  test('is not ended by a passed revalidation date alone, unless the provider asks for more', () => {
    const passed = { ...good, revalidationDueOn: '2026-05-03' };
    expect(usable(passed, now)).toMatchObject({
      usable: true,
      level: 'nv1',
      why: [{ code: 'revalidation-passed', blocks: false }],
    });
    expect(usable(passed, now, { ...clearanceParameters, pastRevalidation: 'deny' })).toMatchObject({
      usable: false,
      level: 'none',
    });
    expect(usable({ ...good, revalidationDueOn: '2026-05-04' }, now).why).toEqual([]);
  });

  test('is usable exactly when nothing blocks, and then at its own level', () => {
    const clearances = fc.record({
      level: fc.constantFrom(...clearanceLevel.options),
      status: fc.constantFrom(...clearanceStatus.options),
      sponsorActive: fc.boolean(),
      confirmedAt: fc.option(fc.date({ noInvalidDate: true }), { nil: null }),
      revalidationDueOn: fc.constantFrom(null, '2000-01-01', '2026-05-04', '2099-01-01'),
    });
    fc.assert(
      fc.property(clearances, fc.constantFrom('warn', 'deny'), (part, pastRevalidation) => {
        const found = usable({ ...good, ...part }, now, { confirmedWithinDays: 365, pastRevalidation });
        expect(found.usable).toBe(!found.why.some(({ blocks }) => blocks));
        expect(found.level).toBe(found.usable ? part.level : 'none');
        if (found.usable) {
          expect(part.status).toBe('active');
          expect(part.sponsorActive).toBe(true);
          expect(part.confirmedAt?.getTime()).toBeGreaterThan(ago(365).getTime());
        }
      }),
    );
  });
});

test('levels are in order', () => {
  const levels = clearanceLevel.options;
  for (const [i, a] of levels.entries())
    for (const [j, b] of levels.entries()) expect(atLeast(a, b)).toBe(i >= j);
});

test('citizenship is Australian, or waived for a time', () => {
  expect(citizenshipAccepted({ ...good, citizenships: ['NZ', 'AU'] }, now)).toBe(true);
  const foreign = { ...good, citizenships: ['NZ'] };
  expect(citizenshipAccepted(foreign, now)).toBe(false);
  expect(citizenshipAccepted({ ...foreign, waiver: 'RA-1', waiverUntil: now }, now)).toBe(false);
  expect(citizenshipAccepted({ ...foreign, waiver: 'RA-1', waiverUntil: ago(-1) }, now)).toBe(true);
});

test('a confirmation does not outlive the level, status or sponsor it was of', () => {
  const same = { level: good.level, status: good.status, sponsor: good.sponsor };
  expect(carried(good, same).confirmedAt).toEqual(good.confirmedAt);
  for (const other of [{ level: 'pv' }, { status: 'suspended' }, { sponsor: 'Other' }] as const)
    expect(carried(good, { ...same, ...other }).confirmedAt).toBeNull();
});
