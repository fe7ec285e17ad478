import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Asset } from '#assets';
import type { Actor } from '#identity';
import { type Content, type ContentKeeper, createContent, readPack } from '#platform/content';
import { type CommunityWorld, engines, openCommunity } from '../testing.ts';
import type { RiskDeps } from './deps.ts';
import { feedKinds } from './feed-kinds.ts';
import { importFindings, listOpenFindings } from './findings.ts';

const environment = 'odce';
const host: Asset = {
  id: 'web',
  tenancy: 'wattle-odce',
  environment,
  kind: 'host',
  name: 'web-1',
  fields: {},
  value: { c: undefined, i: undefined, a: undefined },
  exposure: 'internet',
  retired: false,
  seenAt: null,
};
const kev = (version: string, ...cves: string[]): string =>
  JSON.stringify({
    title: 'Known exploited',
    catalogVersion: version,
    dateReleased: '2026-05-04T00:00:00Z',
    count: cves.length,
    vulnerabilities: cves.map((cveID) => ({
      cveID,
      dateAdded: '2026-05-03',
      vulnerabilityName: `Hole ${cveID}`,
    })),
  });
const epss = (day: string, ...rows: [string, number][]): string =>
  `#model_version:v2026.01.01,score_date:${day}T00:00:00+0000\ncve,epss,percentile\n${rows.map(([cve, p]) => `${cve},${p},0.5`).join('\n')}\n`;
const advisory = (cve: string, status: string, baseScore: number): string =>
  JSON.stringify({
    document: {
      category: 'csaf_security_advisory',
      title: 'Fixes',
      tracking: { id: 'WA-1', current_release_date: '2026-05-04T00:00:00Z' },
    },
    vulnerabilities: [
      {
        cve,
        scores: [{ cvss_v3: { baseScore, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' } }],
        threats: [{ category: 'exploit_status', details: status }],
      },
    ],
  });

describe.each(engines())('feeds as content packs on %s', (_engine, open) => {
  let world: CommunityWorld;
  let deps: RiskDeps;
  let officer: Actor;
  let content: Content;
  let keeper: ContentKeeper;
  let folder: string;
  beforeAll(async () => {
    world = await openCommunity(await open());
    officer = (await world.member('risk-officer', 'wattle')).actor;
    keeper = { kind: 'user', id: 'u1', name: 'Kim', permissions: new Set(['governance.manage']) };
    folder = mkdtempSync(join(tmpdir(), 'ironbark-feeds-'));
    content = createContent({
      ...world.deps,
      kinds: feedKinds(world.clock),
      trusted: [],
      plain: 'allowed',
      mirrors: [],
    });
    const never = async (): Promise<never> => {
      throw new Error('nothing is worked out here');
    };
    deps = {
      ...world.deps,
      thread: { evaluate: never, whatIf: never },
      inventory: async () => ({ assets: [host], edges: { dependencies: [], gates: [], reaches: [] } }),
      standings: async () => [],
      judgements: async () => new Map(),
      safeguards: [],
      patching: [],
      seenExploits: async () => [],
      holdToCeilings: async () => 0,
      bearingOffice: async () => null,
      log: { info: () => undefined },
    };
    const scan = Buffer.from(
      'asset,cve,cvss,found\nweb-1,CVE-2026-0001,6.5,2026-05-01\nweb-1,CVE-2026-0002,,2026-05-01\n',
    );
    await importFindings(deps, officer, environment, scan, {
      format: 'csv',
      asset: undefined,
      source: undefined,
      complete: true,
      dryRun: false,
    });
  }, 120_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  });

  async function add(file: string, bytes: string | Buffer, more: { name?: string } = {}) {
    writeFileSync(join(folder, file), bytes);
    const pack = await readPack(join(folder, file));
    world.clock.advance(60);
    return content.add(keeper, { file, origin: 'test', content: pack, activate: true, ...more });
  }
  const found = async (cve: string) => {
    const { findings } = await listOpenFindings(deps, officer, environment, 10);
    const one = findings.find(({ vulnerability }) => vulnerability === cve);
    return (
      one && {
        kev: one.kev,
        epss: one.epss,
        cvss: one.cvss,
        due: one.dueAt.slice(0, 10),
        decision: one.decision,
      }
    );
  };

  test('a deadline moves when the list of exploited vulnerabilities names its CVE, and back with the version before', async () => {
    const quiet = await found('CVE-2026-0001');
    expect(quiet).toMatchObject({ kev: false, due: '2026-05-15' });
    const first = await add('known.json', kev('2026.05.04', 'CVE-2020-0009'));
    expect(first).toMatchObject({ kind: 'kev', name: 'kev', version: '2026.05.04', active: true });
    expect(await found('CVE-2026-0001')).toEqual(quiet);
    const second = await add('known.json', kev('2026.05.05', 'CVE-2020-0009', 'CVE-2026-0001'));
    expect(second.facts).toMatchObject({ cves: 2, exploited: 2 });
    // A working exploit: 48 hours from when it was first seen, and not two weeks.
    expect(await found('CVE-2026-0001')).toMatchObject({ kev: true, due: '2026-05-03' });
    expect(await content.diff(second.id, first.id)).toMatchObject({
      changes: [{ change: 'added', id: 'CVE-2026-0001', title: 'Hole CVE-2026-0001' }],
    });
    await content.rollBack(keeper, { kind: 'kev', name: 'kev' });
    expect(await found('CVE-2026-0001')).toEqual(quiet);
    await content.setActive(keeper, first.id, { active: false });
    expect(await found('CVE-2026-0001')).toEqual(quiet);
  });

  test('scores come as published, packed, and those that crossed the line are what differs', async () => {
    const before = await add(
      'epss_scores-2026-05-04.csv.gz',
      gzipSync(epss('2026-05-04', ['CVE-2026-0001', 0.02], ['CVE-2026-0002', 0.01], ['CVE-2026-0003', 0.05])),
    );
    expect(before).toMatchObject({ kind: 'epss', version: '2026-05-04', facts: { cves: 3 } });
    const after = await add(
      'epss_scores-2026-05-05.csv',
      epss('2026-05-05', ['CVE-2026-0001', 0.35], ['CVE-2026-0002', 0.02], ['CVE-2026-0003', 0.05]),
    );
    expect(await content.diff(after.id, before.id)).toMatchObject({
      changes: [{ change: 'changed', id: 'CVE-2026-0001', why: '0.02 became 0.35' }],
    });
    expect(await found('CVE-2026-0001')).toMatchObject({ epss: 0.35 });
    await expect(
      add('mine.csv', epss('2026-05-06', ['CVE-2026-0001', 0.5]), { name: 'mine' }),
    ).rejects.toThrow(/one list/);
    expect(await found('CVE-2026-0001')).toMatchObject({ epss: 0.35 });
  });

  test('an advisory gives a score where the scanner had none, and says when its maker knows of exploitation', async () => {
    expect(await found('CVE-2026-0002')).toMatchObject({ cvss: null, kev: false });
    await add('wa-1.json', advisory('CVE-2026-0002', 'Publicly Disclosed:No;Exploited:No', 9.8));
    expect(await found('CVE-2026-0002')).toMatchObject({ cvss: 9.8, kev: false });
    expect(await found('CVE-2026-0001')).toMatchObject({ cvss: 6.5 });
    await add('wa-2.json', advisory('CVE-2026-0002', 'Publicly Disclosed:No;Exploited:Yes', 9.8));
    expect(await found('CVE-2026-0002')).toMatchObject({ kev: true });
  });

  test('what names no CVE, or is no feed, is refused and changes nothing', async () => {
    await expect(add('empty.json', kev('2026.06.01'))).rejects.toThrow(/names no CVE/);
    await expect(add('half.csv', 'cve,percentile\nCVE-2026-0001,1\n')).rejects.toThrow(/kind of content/);
    await expect(add('cut.json', kev('2026.06.02', 'CVE-2026-0001').slice(0, -5))).rejects.toThrow(/no JSON/);
    expect(await found('CVE-2026-0001')).toMatchObject({ kev: false, epss: 0.35 });
  });
});
