import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Asset, AssetEdges } from '#assets';
import type { Actor } from '#identity';
import type { Standing } from '#governance/controls';
import { systemAccess } from '#platform/scope';
import { type CommunityWorld, engines, openCommunity } from '../testing.ts';
import type { RiskDeps } from './deps.ts';
import { importFeed, importFindings, type ImportOptions, listOpenFindings } from './findings.ts';
import { parametersNow, setParameters } from './parameters.ts';
import { acceptRisk, addRisk, changeRisk, listRegister } from './register.ts';
import { askForRun, riskOf, runAgain, runRisk, whatIfGone } from './runs.ts';
import type { SeenExploit } from './seen.ts';
import { RiskThread } from './thread.ts';

const environment = 'odce';
const made = (id: string, kind: Asset['kind'], more: Partial<Asset> = {}): Asset => ({
  id,
  tenancy: 'wattle-odce',
  environment,
  kind,
  name: id,
  fields: {},
  value: { c: undefined, i: undefined, a: undefined },
  exposure: undefined,
  retired: false,
  seenAt: null,
  ...more,
});
const table = (rows: string): Buffer => Buffer.from(`asset,cve,cvss,epss,kev,found\n${rows}`);

describe.each(engines())('risk on %s', (_engine, open) => {
  let world: CommunityWorld;
  let deps: RiskDeps;
  let officer: Actor;
  const thread = new RiskThread();
  let standings: readonly Standing[] = [];
  let seen: readonly SeenExploit[] = [];
  let measured: Parameters<RiskDeps['holdToCeilings']>[1] = new Map();
  const assets: Asset[] = [
    made('records', 'information', { value: { c: 'extreme', i: 'high', a: { low: 1000, high: 9000 } } }),
    made('web', 'host', {
      exposure: 'internet',
      name: 'WEB-1',
      fields: { hostname: 'web-1.wattle.example' },
    }),
    made('old', 'host', { retired: true }),
  ];
  const edges: AssetEdges = {
    dependencies: [{ dependant: 'records', dependency: 'web', c: 1, i: 0.9, a: 1, gate: undefined }],
    gates: [],
    reaches: [],
  };
  beforeAll(async () => {
    world = await openCommunity(await open());
    standings = [];
    officer = (await world.member('risk-officer', 'wattle')).actor;
    deps = {
      ...world.deps,
      thread,
      inventory: async () => ({ assets, edges }),
      standings: async () => standings,
      judgements: async () => new Map(),
      safeguards: [{ id: 'patching', title: 'Patching', controls: ['ism-1690'], against: ['exploit'] }],
      patching: ['ism-1876'],
      holdToCeilings: async (_environment, residuals) => void (measured = residuals),
      seenExploits: async () => seen,
      bearingOffice: async (_tx, { id }) => (id === officer.id ? 'ciso' : null),
      log: { info: () => undefined },
    };
  }, 120_000);
  afterAll(async () => {
    await thread.close();
    await world.close();
  });
  const send = (rows: string, more: Partial<ImportOptions> = {}) =>
    importFindings(deps, officer, environment, table(rows), {
      format: 'auto',
      asset: undefined,
      source: undefined,
      complete: true,
      dryRun: false,
      ...more,
    });
  /** Time passes between runs. */
  const run = (): Promise<boolean> => {
    world.clock.advance(60);
    return runRisk(deps, environment);
  };
  const chance = async (): Promise<number> =>
    (await riskOf(deps, officer, environment)).result?.outcomes[0]?.probability ?? -1;

  test('a table of findings is matched by name, told row by row, and what is found no more is closed', async () => {
    const rows =
      'web-1,CVE-2026-0001,9.8,0.3,no,2026-05-01\nWEB-1.wattle.example,CVE-2026-0002,5,,no,\nnobody,CVE-2026-0003,5,0.1,no,\nold,CVE-2026-0004,5,.1,no,\nweb-1,CVE-2026-0005,12,0.1,no,\n';
    const dry = await send(rows, { dryRun: true });
    expect(dry).toMatchObject({ applied: false, fresh: 2 });
    expect(await listOpenFindings(deps, officer, environment, 10)).toMatchObject({ total: 0 });
    expect(await send(rows)).toEqual({
      format: 'csv',
      applied: true,
      read: 4,
      fresh: 2,
      seenAgain: 0,
      closed: 0,
      unmatched: [
        { host: 'nobody', findings: 1 },
        { host: 'old', findings: 1 },
      ],
      skipped: [{ at: 'line 6', why: "cvss can't be understood." }],
    });
    expect(await send('web-1,CVE-2026-0001,9.8,0.3,no,\n')).toMatchObject({
      fresh: 0,
      seenAgain: 1,
      closed: 1,
    });
    const { findings } = await listOpenFindings(deps, officer, environment, 10);
    expect(findings).toHaveLength(1);
    // Critical and facing the internet: 48 hours from when it was first found.
    expect(findings[0]).toMatchObject({
      decision: 'out-of-cycle',
      points: { exploitation: 'public poc', exposure: 'open', automatable: 'yes', impact: 'very high' },
      dueAt: '2026-05-03T00:00:00.000Z',
      dueBy: 'Essential Eight',
      overdue: true,
    });
  });

  test('a run is kept with its model, can be made again to the same result, and the same facts make no other', async () => {
    expect(await run()).toBe(true);
    expect(await run()).toBe(false);
    const page = await riskOf(deps, officer, environment);
    expect(page.trend).toHaveLength(1);
    const id = page.run?.id ?? '';
    expect(await runAgain(deps, officer, environment, id)).toMatchObject({ identical: true });
    await expect(runAgain(deps, officer, environment, 'none')).rejects.toMatchObject({
      code: 'not-found',
    });
    const outcome = page.result?.outcomes.find(({ dimension }) => dimension === 'C');
    // .3 by what an unassessed safeguard leaves (a half, somewhere between nothing and all), and the misconfiguration prior.
    expect(outcome?.probability).toBeCloseTo(0.154, 1);
    expect(outcome?.low).toBeLessThan(0.05);
    expect(outcome?.high).toBeGreaterThan(0.25);
    expect(page.result?.basis.controlsUnknown).toEqual(['patching']);
    expect(page.result?.causes[0]?.sets[0]).toMatchObject({
      roots: [{ asset: 'web', title: 'CVE-2026-0001', exposure: 1, controls: ['patching'] }],
      steps: [{ how: 'depends', from: 'web', to: 'records' }],
    });
    expect((await world.ledger()).filter(({ action }) => action === 'risk.run')).toHaveLength(1);
    // What is left with the control that protects, and with the one that closes findings: the upper end of the worst.
    const worst = Math.max(...(page.result?.outcomes.map(({ high }) => high) ?? []));
    expect(measured).toEqual(
      new Map(['ism-1690', 'ism-1876'].map((one) => [one, { probability: worst, level: 'extreme' }])),
    );
  });

  test('what-if says before and after on the same draws, and what can’t be named is refused', async () => {
    const page = await riskOf(deps, officer, environment);
    const id = page.result?.causes[0]?.sets[0]?.roots[0]?.id ?? '';
    const none = { findings: [], threats: [], reach: [], dependencies: [], controls: [] };
    const effect = await whatIfGone(deps, officer, environment, { ...none, findings: [id] });
    const before = await chance();
    expect(effect.differences.find(({ before: was }) => was === before)?.after).toBeLessThan(0.02);
    const better = { id: 'patching', status: 'Effective' as const };
    const controlled = await whatIfGone(deps, officer, environment, { ...none, controls: [better] });
    expect(controlled.differences[0]?.after).toBeLessThan(before);
    await expect(whatIfGone(deps, officer, environment, none)).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(
      whatIfGone(deps, officer, environment, { ...none, controls: [{ id: 'x', status: 'Effective' }] }),
    ).rejects.toMatchObject({ code: 'not-found' });
  });

  test('an acceptance lapses when the upper end of the interval passes its ceiling, for good', async () => {
    const risk = await addRisk(deps, officer, environment, {
      title: 'Records disclosed',
      asset: 'records',
      dimension: 'C',
      treatment: 'retain',
      plan: '',
      owner: 'CISO',
      dueAt: null,
    });
    const until = '2026-07-01T00:00:00.000Z';
    const colleague = (await world.member('risk-colleague', 'wattle')).actor;
    await expect(
      acceptRisk(deps, colleague, risk.id, { ceiling: 0.4, until, why: 'no office' }),
    ).rejects.toMatchObject({ code: 'no-office' });
    await expect(
      acceptRisk(deps, officer, risk.id, { ceiling: 0.1, until, why: 'low' }),
    ).rejects.toMatchObject({ code: 'risk-moved' });
    const accepted = await acceptRisk(deps, officer, risk.id, {
      ceiling: 0.4,
      until,
      why: 'until the upgrade',
    });
    expect(accepted.acceptance).toMatchObject({ ceiling: 0.4, lapsedAt: null });
    // The same vulnerability becomes known to be exploited: the feed says so, and nobody scanned again.
    const feed = {
      dateReleased: '2026-05-04',
      vulnerabilities: [{ cveID: 'CVE-2026-0001', dateAdded: '2026-05-04' }],
    };
    expect(await importFeed(deps, officer, Buffer.from(JSON.stringify(feed)))).toMatchObject({
      feed: 'kev',
      read: 1,
    });
    const before = await chance();
    await run();
    expect(await chance()).toBeGreaterThan(before);
    const [now] = await listRegister(deps, officer, environment);
    expect(now?.acceptance?.lapsedBecause).toMatch(/above the ceiling of 40.0 %/);
    standings = [
      {
        control: 'ism-1690',
        statementHash: 'x',
        status: 'Effective',
        basis: 'answer',
        because: '',
        wouldSettle: [],
        reaffirm: false,
        failing: [],
      },
    ];
    await run();
    const [later] = await listRegister(deps, officer, environment);
    expect(later?.now?.high).toBeLessThan(0.4);
    expect(later?.acceptance?.lapsedAt).not.toBeNull();
  });

  test('an acceptance lapses when its date passes, and whoever looks sees it at once', async () => {
    const { id } = await addRisk(deps, officer, environment, {
      title: 'Supplier fails',
      judged: { low: 0.01, high: 0.2, band: 3 },
      treatment: 'share',
      plan: 'A second supplier.',
      owner: 'COO',
      dueAt: null,
    });
    const until = new Date(world.clock.now().getTime() + 3_600_000).toISOString();
    await acceptRisk(deps, officer, id, { ceiling: 0.3, until, why: 'for now' });
    const changed = await changeRisk(deps, officer, id, {
      treatment: 'modify',
      note: 'Contract drafted.',
    });
    expect(changed.history.map(({ what }) => what).sort()).toEqual(['accepted', 'added', 'changed']);
    world.clock.advance(3601);
    const found = (await listRegister(deps, officer, environment)).find((one) => one.id === id);
    expect(found?.acceptance?.lapsedBecause).toMatch(/time ended/);
    expect(found?.now?.cells).toMatchObject({ column: 3, lowRow: 2, highRow: 4 });
    await run();
    const because = (await world.ledger()).filter(({ action }) => action === 'risk.acceptance-lapsed');
    expect(because).toHaveLength(2);
  });

  test('what our own detections tell of an exploit on that host makes it likely and its decision active', async () => {
    await send('web-1,CVE-2026-0001,9.8,0.3,no,\nweb-1,CVE-2026-0007,7,0.01,no,\n');
    await run();
    const before = await chance();
    const found = async (cve: string) =>
      (await listOpenFindings(deps, officer, environment, 10)).findings.find(
        ({ vulnerability }) => vulnerability === cve,
      );
    expect(await found('CVE-2026-0007')).toMatchObject({ seen: false, points: { exploitation: 'none' } });
    // Of another host, and of a host that has two names: nothing follows.
    seen = [{ host: 'db-9', cves: ['CVE-2026-0007'], technique: true }];
    expect(await found('CVE-2026-0007')).toMatchObject({ seen: false });
    seen = [{ host: 'WEB-1.wattle.example', cves: ['CVE-2026-0007'], technique: true }];
    const now = await found('CVE-2026-0007');
    expect(now).toMatchObject({ seen: true, kev: false, points: { exploitation: 'active' } });
    // A rule that names the CVE says nothing of another, and a technique alone speaks of what is in KEV.
    expect(await found('CVE-2026-0001')).toMatchObject({ seen: false, kev: true });
    seen = [{ host: 'web-1', cves: [], technique: true }];
    expect(await found('CVE-2026-0001')).toMatchObject({ seen: true });
    expect(await found('CVE-2026-0007')).toMatchObject({ seen: false });
    await run();
    expect(await chance()).toBeGreaterThan(before);
    seen = [];
    await run();
    expect(await chance()).toBe(before);
  });

  test('parameters are versions, each on top of the one that was looked at, and change the next run', async () => {
    const { version, parameters } = await parametersNow(deps, officer, environment);
    expect(version).toBe(0);
    const before = await chance();
    const given = { version, parameters: { ...parameters, kevFloor: 0.9 }, why: 'our own experience' };
    expect(await setParameters(deps, officer, environment, given)).toMatchObject({ version: 1 });
    await expect(setParameters(deps, officer, environment, given)).rejects.toMatchObject({
      code: 'risk-moved',
    });
    world.clock.advance(60);
    await askForRun(deps, officer, environment);
    expect(await chance()).toBeGreaterThan(before);
  });

  test('a customer sees none of it, and no run is ever altered', async () => {
    const { actor } = await world.member('ciso', 'acme');
    for (const look of [
      () => riskOf(deps, actor, environment),
      () => listRegister(deps, actor, environment),
      () => listOpenFindings(deps, actor, environment, 10),
      () => askForRun(deps, actor, environment),
    ])
      await expect(look()).rejects.toMatchObject({ code: 'not-found' });
    const { sql } = await import('kysely');
    for (const statement of ['update governance.risk_run set seed = 2', 'delete from governance.risk_event'])
      await expect(
        deps.records.transaction(systemAccess('test'), (tx) => sql.raw(statement).execute(tx)),
      ).rejects.toThrow(/permission denied/);
  });
});
