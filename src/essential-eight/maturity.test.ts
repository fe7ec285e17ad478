import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImplementationStatus } from '#contract/governance';
import { maturity, type Standings, verdictOf } from './maturity.ts';
import { shippedTable } from './testing.ts';

const table = shippedTable();
const all = (status: ImplementationStatus, but: Record<string, ImplementationStatus> = {}): Standings =>
  new Map(table.controls.map(({ id }) => [id, { status: but[id] ?? status }]));
const of = (standings: Standings, strategy: string) =>
  maturity(standings, table, 2).strategies.find((one) => one.strategy === strategy);

describe('maturity', () => {
  test('nothing known is ML0 that could be ML3, and whether the target is met is unknown', () => {
    expect(maturity(new Map(), table, 2)).toMatchObject({ level: 0, possible: 3, met: 'unknown' });
    expect(maturity(all('No Visibility'), table, 2)).toMatchObject({ level: 0, possible: 3, met: 'unknown' });
  });

  test('everything effective is ML3; alternate controls count as much', () => {
    expect(maturity(all('Effective'), table, 2)).toMatchObject({ level: 3, possible: 3, met: 'yes' });
    expect(maturity(all('Alternate Control'), table, 3)).toMatchObject({ level: 3, met: 'yes' });
  });

  test('one control of ML1 that is not met holds its strategy and the whole at ML0', () => {
    const found = maturity(all('Effective', { 'ism-1511': 'Ineffective' }), table, 2);
    expect(found).toMatchObject({ level: 0, possible: 0, met: 'no' });
    expect(found.strategies.map(({ level }) => level)).toEqual([3, 3, 3, 3, 3, 3, 3, 0]);
    expect(found.strategies[7]?.blocking).toEqual(['ism-1511']);
  });

  test('an unknown control holds back what is reached and not what is possible', () => {
    const found = maturity(all('Effective', { 'ism-1705': 'Not Assessed' }), table, 2);
    expect(found).toMatchObject({ level: 1, possible: 3, met: 'unknown' });
    expect(found.strategies[7]).toMatchObject({ level: 1, possible: 3, blocking: [], unknown: ['ism-1705'] });
  });

  test('1691 gives way at ML3: not met, it holds ML1 and ML2 back and not ML3', () => {
    const patch = of(all('Effective', { 'ism-1691': 'Not Implemented' }), 'patch-applications');
    expect(patch?.level).toBe(3);
    expect(patch?.tallies.map(({ notMet }) => notMet)).toEqual([1, 1, 0]);
    const without = of(
      all('Effective', { 'ism-1691': 'Not Implemented', 'ism-1901': 'Not Implemented' }),
      'patch-applications',
    );
    expect(without?.level).toBe(0);
  });

  test('1695 gives way at ML3 likewise', () => {
    const other = of(
      all('Effective', { 'ism-1695': 'Ineffective', 'ism-1902': 'Ineffective' }),
      'patch-operating-systems',
    );
    expect(other?.level).toBe(0);
    expect(of(all('Effective', { 'ism-1695': 'Ineffective' }), 'patch-operating-systems')?.level).toBe(3);
  });

  test('1873 is of ML2 alone: not met, with 1874 not met either, the strategy is at ML1', () => {
    const mfa = of(
      all('Effective', { 'ism-1873': 'Ineffective', 'ism-1874': 'Ineffective' }),
      'multi-factor-authentication',
    );
    expect(mfa?.level).toBe(1);
    expect(of(all('Effective', { 'ism-1873': 'Ineffective' }), 'multi-factor-authentication')?.level).toBe(3);
  });

  test('Not Applicable takes a control out of the count and is named', () => {
    const backups = of(
      all('Effective', { 'ism-1813': 'Not Applicable', 'ism-1814': 'Not Applicable' }),
      'regular-backups',
    );
    expect(backups).toMatchObject({ level: 3, applies: true, notApplicable: ['ism-1814'] });
  });

  test('a strategy of which nothing applies holds nobody back and says that it does not apply', () => {
    const macros = Object.fromEntries(
      table.controls
        .filter(({ strategies }) => strategies.includes('restrict-microsoft-office-macros'))
        .map(({ id }) => [id, 'Not Applicable' as const]),
    );
    expect(maturity(all('Effective', macros), table, 2)).toMatchObject({ level: 3, met: 'yes' });
    expect(of(all('Effective', macros), 'restrict-microsoft-office-macros')?.applies).toBe(false);
  });

  test('nothing applicable at all is no maturity', () => {
    expect(maturity(all('Not Applicable'), table, 2)).toMatchObject({ level: 0, possible: 0, met: 'no' });
  });

  test('a catalogue that lost its levels reaches nothing', () => {
    expect(maturity(all('Effective'), { ...table, controls: [] }, 1)).toMatchObject({ level: 0, met: 'no' });
  });
});

const statuses = [
  'Not Assessed',
  'Effective',
  'Alternate Control',
  'Ineffective',
  'No Visibility',
  'Not Implemented',
  'Not Applicable',
] as const satisfies readonly ImplementationStatus[];
const anyStandings = fc
  .array(fc.constantFrom(...statuses, 'Effective' as const, 'Effective' as const), {
    minLength: table.controls.length,
    maxLength: table.controls.length,
  })
  .map(
    (drawn): Standings =>
      new Map(table.controls.map(({ id }, at) => [id, { status: drawn[at] ?? 'Effective' }])),
  );
/** Mostly good, so that levels above 0 occur. */
const mostlyGood = fc
  .dictionary(fc.constantFrom(...table.controls.map(({ id }) => id)), fc.constantFrom(...statuses), {
    maxKeys: 6,
  })
  .map((but): Standings => all('Effective', but));

describe('for any standings', () => {
  const standings = fc.oneof(anyStandings, mostlyGood);

  test('what is reached is possible, and the whole is the least of the eight', () => {
    fc.assert(
      fc.property(standings, (given) => {
        const found = maturity(given, table, 2);
        for (const one of found.strategies) expect(one.level).toBeLessThanOrEqual(one.possible);
        if (found.strategies.some(({ applies }) => applies)) {
          expect(found.level).toBe(Math.min(...found.strategies.map(({ level }) => level)));
          expect(found.possible).toBe(Math.min(...found.strategies.map(({ possible }) => possible)));
        }
      }),
    );
  });

  test('a control made better never lowers a level, and never lowers what is possible', () => {
    const control = fc.constantFrom(...table.controls.map(({ id }) => id));
    fc.assert(
      fc.property(standings, control, (given, id) => {
        const before = maturity(given, table, 2);
        const after = maturity(new Map(given).set(id, { status: 'Effective' }), table, 2);
        after.strategies.forEach((one, at) => {
          expect(one.level).toBeGreaterThanOrEqual(before.strategies[at]?.level ?? 0);
          expect(one.possible).toBeGreaterThanOrEqual(before.strategies[at]?.possible ?? 0);
        });
        expect(after.level).toBeGreaterThanOrEqual(before.level);
      }),
    );
  });

  test('an unknown that is settled either way ends between what is reached and what is possible', () => {
    fc.assert(
      fc.property(standings, fc.boolean(), (given, well) => {
        const before = maturity(given, table, 2);
        const settled = new Map(given);
        for (const { id } of table.controls)
          if (verdictOf(given.get(id)?.status) === 'unknown')
            settled.set(id, { status: well ? 'Effective' : 'Ineffective' });
        const after = maturity(settled, table, 2);
        expect(after.level).toBe(after.possible);
        expect(after.level).toBe(well ? before.possible : before.level);
      }),
    );
  });
});
