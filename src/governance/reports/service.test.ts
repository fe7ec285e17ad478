import { createHash } from 'node:crypto';
import {
  answers,
  type ControlDeps,
  customerParts,
  exceptions,
  putAnswer,
  standingsOf,
  takeIn,
} from '#governance/controls';
import { countersigned, newCountersigningKey, openCountersigner, publicKey } from '#community/agreements';
import { judgementsOf } from '#governance/evidence';
import { createTestLog, type TestLog } from '#ledger/testing';
import { startJobs } from '#platform/jobs';
import { policyOfKeys } from '@ironbark/tlog';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogueFile } from '../frameworks/catalogue-file.ts';
import { activateEdition, listEditions } from '../frameworks/editions.ts';
import { openGovernance, type TestGovernance } from '../frameworks/testing.ts';
import { engines } from '../testing.ts';
import { unzip } from './archive/unzip.ts';
import { zip } from './archive/zip.ts';
import type { ReportsDeps } from './deps.ts';
import { communityFrom } from './from-community.ts';
import { controlsFrom } from './from-controls.ts';
import { evidenceFrom } from './from-evidence.ts';
import { importAnnex } from './import.ts';
import { makeReport } from './make.ts';
import { oscalFiles } from './oscal/bundle.ts';
import { manifest } from './pack/manifest.ts';
import { type PackTrust, verifyPack } from './pack/verify.ts';
import {
  askForReport,
  cancelReport,
  downloadReport,
  listReports,
  making,
  previewReport,
  reportChangesSince,
  showReport,
} from './service.ts';
import { readSheets } from './sheet/read.ts';
import { sampleState } from './testing.ts';
import { writeSheets } from './sheet/write.ts';

const environment = 'odce';
const caps = { files: 1000, bytes: 1e9, ratio: 10_000 };

describe.each(engines())('reports on %s', (_engine, open) => {
  let world: TestGovernance;
  let controls: ControlDeps;
  let deps: ReportsDeps;
  let log: TestLog;
  const ann = () => world.as('ann');
  const foreign = () => world.as('zoe', 'acme', ['odce']);
  const input = { environment, kind: 'ssp-annex' as const, tenancy: null };

  beforeAll(async () => {
    world = await openGovernance(await open());
    log = createTestLog(world.deps);
    controls = { ...world.deps, standings: standingsOf, responsibilities: new Map() };
    deps = {
      ...world.deps,
      log: { warn: () => undefined },
      oscal: oscalFiles,
      signing: {
        signer: await openCountersigner(await newCountersigningKey()),
        ledgerKeys: log.keys,
      },
      sources: {
        controls: controlsFrom({
          standings: standingsOf,
          judgements: judgementsOf,
          answers,
          exceptions,
          customerParts,
          tenancies: async () => ['acme-odce'],
          catalogue: catalogueFile,
          matrix: new Map(),
        }),
        evidence: evidenceFrom,
        community: communityFrom,
        maturity: async () => null,
        risks: async () => [],
        certificates: async () => [],
        documents: async () => [],
        assets: async () => null,
      },
      answer: async (actor, of, given, options) => {
        const { report } = await takeIn(
          controls,
          actor,
          of,
          given.map(({ control, row }) => ({
            control: control.id,
            status: row.status === control.status ? undefined : row.status,
            responsible: row.responsibleEntity,
            narrative: row.comments,
          })),
          options,
        );
        return report.filter(({ outcome }) => outcome === 'refused');
      },
    };
    await world.imported('1', {
      'own-0001': 'People sign in with two things.',
      'own-0002': 'Patches come within two weeks.',
      'own-0003': 'Copies are restored as a test.',
    });
    const { editions } = await listEditions(world.deps, ann());
    const edition = editions.find((one) => one.framework === 'own')?.id ?? '';
    await activateEdition(world.deps, ann(), environment, { edition, profile: 'all' });
  }, 120_000);
  afterAll(() => world.close());

  const made = async (
    kind: Parameters<typeof askForReport>[2]['kind'],
    actor = ann(),
    tenancy: string | null = null,
  ) => {
    const { id } = await askForReport(deps, actor, { environment, kind, tenancy });
    await makeReport(deps)({ report: id }, new AbortController().signal);
    world.clock.advance(60);
    return id;
  };
  const trust = (): PackTrust => ({
    ownKey: true,
    signed: (jws) => countersigned(jws, publicKey.parse(deps.signing.signer.publicKey)),
    policy: () => ({ policy: policyOfKeys([...log.keys]), own: true }),
  });

  test('a report is asked for, made by a job, and kept with its hash, its maker and a ledger entry', async () => {
    const { id, state } = await askForReport(deps, ann(), input);
    expect(state).toBe('waiting');
    const jobs = startJobs({
      records: world.records,
      clock: world.clock,
      handlers: { [making]: makeReport(deps) },
      log: { warn: () => undefined, error: () => undefined },
    });
    await expect
      .poll(async () => (await showReport(deps, ann(), id)).state, { timeout: 20_000 })
      .toBe('made');
    await jobs.stop();
    const done = await showReport(deps, ann(), id);
    expect(done).toMatchObject({ progress: 1, askedBy: 'ann', edition: '1', error: null });
    const told = (await world.ledger()).filter(({ action }) => action.startsWith('report.'));
    expect(told.map(({ action }) => action)).toEqual(['report.asked', 'report.made']);
    expect(told[1]).toMatchObject({ tenancy: 'wattle-odce', facts: { sha256: done.bundle?.sha256 } });
    const file = await downloadReport(deps, ann(), id, 'file');
    expect(file.name).toMatch(/^odce-ssp-annex-\d{4}-\d\d-\d\d\.xlsx$/);
    expect((await readSheets(file.bytes)).map(({ name }) => name)).toContain('Evidence');
  }, 60_000);

  test('every kind can be made and checked, and the pack says what changed since the last', async () => {
    await putAnswer(controls, ann(), environment, 'own-0002', answer('Ineffective', 'Two hosts are late.'));
    const first = await made('pack');
    await putAnswer(controls, ann(), environment, 'own-0002', answer('Effective', 'All hosts are patched.'));
    const second = await made('pack');
    const changes = await reportChangesSince(deps, ann(), second, first);
    expect(changes.status).toEqual([
      { control: 'own-0002', label: expect.any(String), from: 'Ineffective', to: 'Effective' },
    ]);
    expect(changes.closed).toHaveLength(1);
    for (const kind of ['ssp', 'ccm', 'poam', 'oscal'] as const) {
      const { bytes } = await downloadReport(deps, ann(), await made(kind), 'bundle');
      expect(await verifyPack(bytes, trust()), kind).toMatchObject({ good: true });
    }
    const { bytes } = await downloadReport(deps, ann(), second, 'bundle');
    const files = (await unzip(bytes, caps)).map(({ path }) => path);
    for (const path of [
      'README.txt',
      'manifest.json',
      'signature.json',
      'pack.pdf',
      'pack.html',
      'ssp-annex.xlsx',
      'oscal/ssp.json',
    ])
      expect(files).toContain(path);
    await expect(askForReport(deps, ann(), { ...input, kind: 'soa' })).rejects.toThrow(
      /No framework is mapped/,
    );
  }, 120_000);

  test('the proof that evidence is in the ledger goes with the report, and fits no other hash', async () => {
    const hash = 'ab'.repeat(32);
    const [of] = sampleState().collections;
    if (of === undefined) throw new Error('the sample has evidence');
    const { id } = await world.tx((tx) =>
      world.deps.ledger.record(tx, {
        actor: { kind: 'system', id: 'system', name: 'evidence' },
        action: 'evidence.collected',
        subject: 'evidence/c-1',
        tenancy: 'wattle-odce',
        facts: { sha256: hash },
      }),
    );
    await log.sequence();
    const resting = async (sha256: string) => {
      const own = deps;
      deps = {
        ...own,
        sources: {
          ...own.sources,
          evidence: async () => ({ collections: [{ ...of, hash: sha256, ledgerId: id }], findings: [] }),
        },
      };
      const { bytes } = await downloadReport(deps, ann(), await made('poam'), 'bundle');
      deps = own;
      return verifyPack(bytes, trust());
    };
    const good = await resting(hash);
    expect(good.checks.map(({ what, outcome }) => [what, outcome])).toEqual([
      ['files', 'good'],
      ['signature', 'good'],
      ['evidence', 'good'],
    ]);
    expect((await resting('cd'.repeat(32))).checks.at(-1)).toMatchObject({
      what: 'evidence',
      outcome: 'bad',
    });
  }, 60_000);

  test('a changed, added or removed file, and a signature of somebody else, are found', async () => {
    const { bytes } = await downloadReport(deps, ann(), await made('poam'), 'bundle');
    const files = await unzip(bytes, caps);
    const bad = async (change: typeof files, by = trust()) =>
      (await verifyPack(zip(change), by)).checks.find(({ outcome }) => outcome === 'bad')?.detail;
    expect(
      await bad(files.map((one) => (one.path === 'poam.xlsx' ? { ...one, bytes: Buffer.from('x') } : one))),
    ).toMatch(/poam.xlsx is not the one/);
    expect(await bad([...files, { path: 'more.txt', bytes: Buffer.from('x') }])).toMatch(
      /more.txt was added/,
    );
    expect(await bad(files.filter(({ path }) => path !== 'poam.xlsx'))).toMatch(/poam.xlsx is missing/);
    const other = await openCountersigner(await newCountersigningKey());
    expect(
      await bad(files, { ...trust(), signed: (jws) => countersigned(jws, publicKey.parse(other.publicKey)) }),
    ).toBeDefined();
    expect(await verifyPack(Buffer.from('PK\x03\x04 no'), trust())).toMatchObject({ good: false });
  }, 60_000);

  test('a cancelled report is not made, and one at its end can not be cancelled', async () => {
    const { id } = await askForReport(deps, ann(), input);
    expect(await cancelReport(deps, ann(), id)).toMatchObject({ state: 'cancelled' });
    await makeReport(deps)({ report: id }, new AbortController().signal);
    await expect(downloadReport(deps, ann(), id, 'file')).rejects.toMatchObject({ code: 'report-not-ready' });
    await expect(cancelReport(deps, ann(), id)).rejects.toMatchObject({ code: 'report-not-ready' });
  });

  test('an annex that was exported and not touched changes nothing', async () => {
    const { bytes } = await downloadReport(deps, ann(), await made('ssp-annex'), 'file');
    const before = await world.rows('governance.answer');
    expect(
      await importAnnex(deps, ann(), bytes, { environment, dryRun: false, skipDirty: false }),
    ).toMatchObject({
      applied: true,
      changed: 0,
      unchanged: 3,
      refused: 0,
    });
    expect(await world.rows('governance.answer')).toBe(before);
  }, 60_000);

  test('our own security plan in OSCAL changes nothing; one that says otherwise answers', async () => {
    const { bytes } = await downloadReport(deps, ann(), await made('oscal'), 'bundle');
    const files = await unzip(bytes, caps);
    const textOf = (path: string) =>
      Buffer.from(files.find((one) => one.path === path)?.bytes ?? []).toString('utf8');
    // The catalogue is the one that was imported, to the byte, and nothing points to a proof that is not there.
    const { framework } = manifest.parse(JSON.parse(textOf('manifest.json')));
    expect(framework.hash).toBe(createHash('sha256').update(textOf('catalog.json')).digest('hex'));
    for (const { path, bytes: content } of files)
      for (const [, href = ''] of Buffer.from(content)
        .toString('utf8')
        .matchAll(/"href": "([^"#]*proofs[^"]*)"/g))
        expect(
          files.map((one) => one.path),
          path,
        ).toContain(href);
    const options = { environment, dryRun: false, skipDirty: false };
    const plan = textOf('ssp.json');
    expect(await importAnnex(deps, ann(), Buffer.from(plan), options)).toMatchObject({
      applied: true,
      changed: 0,
      refused: 0,
    });
    const other = Buffer.from(plan.replaceAll('All hosts are patched.', 'Every host is patched.'));
    expect(await importAnnex(deps, ann(), other, { ...options, dryRun: true })).toMatchObject({
      applied: false,
      changed: 1,
      report: [{ cells: [{ column: 'Implementation Comments', value: 'Every host is patched.' }] }],
    });
    for (const wrong of [textOf('poam.json') || '{}', '{"system-security-plan": {}}', '{'])
      await expect(importAnnex(deps, ann(), Buffer.from(wrong), options)).rejects.toMatchObject({
        code: 'sheet-refused',
      });
  }, 60_000);

  test('an import is whole or nothing, says each bad cell, and is told apart row by row', async () => {
    const { bytes } = await downloadReport(deps, ann(), await made('ssp-annex'), 'file');
    const edited = await withCells(bytes, {
      'own-0001': { 10: 'Effective', 11: 'Everybody has a passkey.', 4: 'Yes', 5: 'Ask for the list.' },
      'own-0003': { 10: 'done', 4: 'yes' },
    });
    const options = { environment, dryRun: false, skipDirty: false };
    const refused = await importAnnex(deps, ann(), edited, options);
    expect(refused).toMatchObject({ applied: false, refused: 1, changed: 1 });
    expect(refused.report.find(({ outcome }) => outcome === 'refused')?.cells).toMatchObject([
      { value: 'done', allowed: expect.arrayContaining(['Effective', 'Not Implemented']) },
      { value: 'yes', why: 'Write it as "Yes".', allowed: ['Yes', 'No', 'Out of Scope'] },
    ]);
    const versions = await world.rows('governance.answer');
    expect(
      await importAnnex(deps, ann(), edited, { ...options, dryRun: true, skipDirty: true }),
    ).toMatchObject({
      applied: false,
    });
    expect(await world.rows('governance.answer')).toBe(versions);
    expect(await importAnnex(deps, ann(), edited, { ...options, skipDirty: true })).toMatchObject({
      applied: true,
      changed: 1,
      refused: 1,
    });
    // What was taken in is what an export says now.
    const again = await downloadReport(deps, ann(), await made('ssp-annex'), 'file');
    const row = (await readSheets(again.bytes))[1]?.rows.find(
      (cells) => String(cells[1]).toLowerCase() === 'own-0001',
    );
    expect([row?.[4], row?.[5], row?.[10], row?.[11]]).toEqual([
      'Yes',
      'Ask for the list.',
      'Effective',
      'Everybody has a passkey.',
    ]);
  }, 60_000);

  test('who has nothing to do with a system learns nothing of its reports', async () => {
    const id = await made('poam');
    await expect(showReport(deps, foreign(), id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(downloadReport(deps, foreign(), id, 'file')).rejects.toMatchObject({ code: 'not-found' });
    await expect(askForReport(deps, foreign(), input)).rejects.toMatchObject({ code: 'not-found' });
    await expect(
      importAnnex(deps, foreign(), Buffer.from('x'), { environment, dryRun: true, skipDirty: false }),
    ).rejects.toMatchObject({ code: 'not-found' });
    expect(await listReports(deps, foreign(), environment)).toEqual([]);
  });

  test('a customer has the matrix of their own tenancy, without our evidence, and no other', async () => {
    const own = { environment, kind: 'ccm' as const, tenancy: 'acme-odce' };
    expect((await previewReport(deps, foreign(), own)).notSeen).toEqual([]);
    const id = await made('ccm', foreign(), 'acme-odce');
    const { bytes } = await downloadReport(deps, foreign(), id, 'bundle');
    expect((await verifyPack(bytes, trust())).manifest?.evidence).toEqual([]);
    await expect(askForReport(deps, foreign(), { ...own, tenancy: 'beta-odce' })).rejects.toMatchObject({
      code: 'not-found',
    });
    // Another customer does not see that it was made.
    expect(await listReports(deps, world.as('yan', 'beta', ['odce']), undefined)).toEqual([]);
  }, 60_000);
});

const answer = (status: 'Effective' | 'Ineffective', narrative: string) => ({
  status,
  narrative,
  rests: 'attested' as const,
  evaluators: [],
  reviewBy: null,
  reliedUpon: null,
  owner: null,
  responsible: null,
  customer: null,
});

/** The same annex with other words in some cells (columns from 0), as somebody who opened it would save it. */
async function withCells(
  bytes: Buffer,
  changes: Readonly<Record<string, Readonly<Record<number, string>>>>,
): Promise<Buffer> {
  const sheets = await readSheets(bytes);
  return writeSheets(
    sheets.map(({ name, hidden, rows }) => ({
      name,
      hidden,
      widths: [10],
      rows: rows.map((row) => ({
        cells: row.map((cell, at) => {
          const text = changes[String(row[1]).toLowerCase()]?.[at] ?? cell;
          return text === null ? null : String(text);
        }),
      })),
    })),
  );
}
