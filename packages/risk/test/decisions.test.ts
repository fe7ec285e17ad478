import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { automatables, decide, exploitations, humanImpacts, systemExposures } from '../src/ssvc.ts';
import { automatableOf, cellsOf, dueOf, ratingOf } from '../src/index.ts';
import { asset, modelOf } from './models.ts';
import { sharedData } from '../../../test/shared.ts';
import { causesOf, evaluate, RiskEngine, whatIf } from '../src/index.ts';

const file = `${sharedData('vulnerability') ?? ''}/ssvc-tables/deployer_patch_application_priority_1_0_0.csv`;

test.skipIf(!existsSync(file))('the 72 decisions are those of the published table', () => {
  const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  expect(rows).toHaveLength(72);
  for (const row of rows) {
    const [, exploitation, exposure, automatable, impact, decision] = row.trim().split(',');
    const points = {
      exploitation: exploitations.find((one) => one === exploitation) ?? 'none',
      exposure: systemExposures.find((one) => one === exposure) ?? 'small',
      automatable: automatables.find((one) => one === automatable) ?? 'no',
      impact: humanImpacts.find((one) => one === impact) ?? 'low',
    };
    expect(Object.values(points)).toEqual([exploitation, exposure, automatable, impact]);
    expect(decide(points), row).toBe(decision);
  }
});

describe('what is due', () => {
  const firstSeen = new Date('2026-11-02T00:00:00Z');
  const given = { exposure: 1, band: 5, level: 2, firstSeen } as const;
  const on = (finding: Parameters<typeof dueOf>[0], more: Partial<Parameters<typeof dueOf>[1]> = {}) => {
    const { decision, due, by } = dueOf(finding, { ...given, ...more });
    return [decision, (due.getTime() - firstSeen.getTime()) / 3_600_000, by];
  };
  const base = { id: 'f', asset: 'a', vector: 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H' };

  test('moves to 48 hours when a vulnerability becomes known to be exploited', () => {
    expect(on({ ...base, epss: 0.001 })).toEqual(['scheduled', 336, 'Essential Eight']);
    expect(on({ ...base, epss: 0.001, kev: true })).toEqual(['immediate', 48, 'Essential Eight']);
  });

  test('is the earlier of both clocks', () => {
    const inside = { exposure: 0.3, band: 5 };
    expect(on({ ...base, kev: true }, inside)).toEqual(['out-of-cycle', 336, 'SSVC']);
    expect(on({ ...base, epss: 0 }, { exposure: 0.1, band: 1 })).toEqual(['defer', 720, 'Essential Eight']);
    expect(on({ ...base, kev: true }, { ...inside, level: 3 })).toEqual([
      'out-of-cycle',
      48,
      'Essential Eight',
    ]);
  });

  test('takes an attack for one by programs unless a vector says otherwise', () => {
    expect(automatableOf(undefined)).toBe('yes');
    expect(automatableOf('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H')).toBe('yes');
    expect(automatableOf('CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N')).toBe('no');
    expect(automatableOf('CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H')).toBe('no');
    expect(automatableOf('AV:N/AC:L/Au:N/C:P/I:P/A:P')).toBe('yes');
  });
});

test('the table of 5 by 5 shows every cell that an interval spans', () => {
  expect(cellsOf(0.004, 0.3, 5)).toEqual({
    column: 5,
    lowRow: 1,
    highRow: 4,
    lowRating: 'Medium',
    highRating: 'Extreme',
  });
  expect(cellsOf(0.06, 0.1, 2)).toMatchObject({ lowRow: 3, highRow: 3, lowRating: 'Medium' });
  expect(ratingOf(1, 1)).toBe('Low');
});

describe('why', () => {
  const model = modelOf({
    assets: [
      asset('records', { kind: 'information', values: { C: 5, A: 3 } }),
      asset('web'),
      asset('db', { exposure: 'offline' }),
      asset('spare', { exposure: 'offline' }),
    ],
    findings: [
      {
        id: 'f1',
        asset: 'web',
        cve: 'CVE-2026-1',
        epss: 0.2,
        kev: true,
        asOf: '2026-10-23T00:00:00Z',
        hours: 1,
      },
      { id: 'f2', asset: 'web', cve: 'CVE-2026-2', epss: 0.02 },
    ],
    threats: [{ id: 'disk', asset: 'spare', kind: 'failure', likelihood: 0.4 }],
    reach: [{ from: 'web', to: 'db', kind: 'network', step: 0.5 }],
    groups: [{ id: 'replicas', asset: 'records', lost: 'all' }],
    dependencies: [
      { from: 'records', to: 'db', degree: 1, group: 'replicas' },
      { from: 'records', to: 'spare', degree: 1, group: 'replicas' },
    ],
  });

  test('is told by the finding, its host and the way, with what its number rests on', () => {
    const [set] = causesOf(new RiskEngine(model), 'records', 'C').sets;
    expect(set?.roots).toEqual([
      expect.objectContaining({ id: 'f1', asset: 'web', likelihood: 0.5, exposure: 1, ageDays: 10 }),
    ]);
    expect(set?.roots[0]?.basis).toBe('EPSS 0.2; in KEV: at least 0.5');
    expect(set?.steps.map(({ how, from, to }) => `${how} ${from} ${to}`)).toEqual([
      'reach web db',
      'depends db records',
    ]);
    expect(set?.share).toBeGreaterThan(0.9);
  });

  test('names both causes where a gate needs both', () => {
    const [set] = causesOf(new RiskEngine(model), 'records', 'A').sets;
    expect(set?.roots.map(({ id }) => id)).toEqual(['disk', 'f1']);
    expect(set?.steps).toHaveLength(3);
  });

  test('a counterfactual on the same draws says what a fix is worth, and the best hour of work comes first', () => {
    const engine = new RiskEngine(model);
    const { differences } = whatIf(engine, [{ kind: 'findings', id: 'f1' }]);
    const c = differences.find(({ dimension }) => dimension === 'C');
    expect(c?.before).toBeCloseTo(0.255, 1);
    expect(c?.after).toBeCloseTo(0.01, 2);
    const { treatments, causes, loss, outcomes } = evaluate(model);
    expect(treatments[0]).toMatchObject({ id: 'CVE-2026-1', hours: 1, closes: ['f1'] });
    expect(causes[0]).toMatchObject({ asset: 'records', dimension: 'C' });
    expect(outcomes.every(({ low, probability, high }) => low <= probability && probability <= high)).toBe(
      true,
    );
    // .255 of losses between 10 and 100 million, whose mean is 40.4 million.
    expect(loss.mean / 1e6).toBeCloseTo(0.255 * 40.4, -0.5);
    const falling = loss.exceedance.map((point) => point.loss);
    expect(falling).toEqual([...falling].sort((a, b) => a - b));
  });
});
