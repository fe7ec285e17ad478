import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import type { Actor } from '#identity';
import { type CommunityWorld, engines, openCommunity } from '../testing.ts';
import {
  addCertificate,
  addCondition,
  certificateDetail,
  changeCertificate,
  completeCondition,
  keepReport,
  listCertificates,
  readReport,
  recordSignificantChange,
  recordSurveillance,
  withdrawCertificate,
} from './certificates.ts';
import { newCertificate } from './contract.ts';
import type { CertificatesDeps } from './deps.ts';

const given = newCertificate.parse({
  scheme: 'irap',
  title: 'IRAP of the PROTECTED cloud',
  classification: 'PROTECTED',
  scope: { statement: 'All of it.', environments: ['pdce'], services: ['iaas'] },
  assessor: { organisation: 'Banksia Assessors' },
  edition: { framework: 'ism', version: '2025.10.8' },
  issuedAt: '2026-05-01T00:00:00Z',
});

describe.each(engines())('certificates on %s', (_engine, open) => {
  let world: CommunityWorld;
  let deps: CertificatesDeps;
  let officer: Actor;
  let services: { id: string; name: string }[] = [{ id: 'iaas', name: 'IaaS' }];
  let id = '';
  beforeAll(async () => {
    world = await openCommunity(await open());
    deps = {
      ...world.deps,
      used: async () => ({ services, assets: undefined, sites: undefined, editions: [] }),
    };
    ({ actor: officer } = await world.member('officer', 'wattle'));
  }, 120_000);
  afterAll(() => world.close());
  const codes = async (): Promise<string[]> =>
    (await certificateDetail(deps, officer, id)).warnings.map(({ code }) => code);

  test('covers the systems of its scope, and no others', async () => {
    const added = await addCertificate(deps, officer, given);
    id = added.id;
    expect(added).toMatchObject({ state: 'in-force', endsAt: '2028-05-01T00:00:00.000Z', report: null });
    const { coverage } = await listCertificates(deps, officer);
    expect(
      coverage.map(({ environment, schemes }) => [
        environment,
        schemes.find(({ scheme }) => scheme === 'irap')?.certificate ?? null,
      ]),
    ).toEqual([
      ['odce', null],
      ['pdce', id],
    ]);
  });

  test('its report is kept as it came', async () => {
    expect(await codes()).toEqual(['report-missing']);
    const bytes = Buffer.from([0, 255, 37, 80]);
    expect(await keepReport(deps, officer, id, 'Bericht ü.pdf', bytes)).toMatchObject({
      report: { name: 'Bericht ü.pdf', bytes: 4 },
      warnings: [],
    });
    expect(await readReport(deps, officer, id)).toEqual({ name: 'Bericht ü.pdf', content: bytes });
    await expect(keepReport(deps, officer, id, 'x', Buffer.alloc(0))).rejects.toMatchObject({
      code: 'invalid',
    });
  });

  test('a condition is due, overdue and met', async () => {
    const dueAt = new Date(world.clock.now().getTime() + 86_400_000).toISOString();
    const { conditions } = await addCondition(deps, officer, id, { text: 'Encrypt the tapes.', dueAt });
    expect(await codes()).toEqual(['condition-due']);
    world.clock.advance(86_400);
    expect(await codes()).toEqual(['condition-overdue']);
    const condition = conditions[0]?.id ?? '';
    expect(await completeCondition(deps, officer, id, condition, 'Done.')).toMatchObject({
      warnings: [],
      conditions: [{ doneNote: 'Done.' }],
    });
    await expect(completeCondition(deps, officer, id, condition, 'again')).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(completeCondition(deps, officer, id, 'no', 'x')).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('drift is seen when it happens, and a significant change until the assessor saw it', async () => {
    services = [...services, { id: 'dr', name: 'DR' }];
    expect(await codes()).toEqual(['service-outside']);
    services = services.slice(0, 1);
    const now = world.clock.now().toISOString();
    await recordSignificantChange(deps, officer, { environment: 'pdce', what: 'New hypervisors.', at: now });
    expect(await codes()).toEqual(['significant-change']);
    world.clock.advance(60);
    await expect(
      recordSurveillance(deps, officer, id, { at: '2030-01-01T00:00:00Z', note: 'x' }),
    ).rejects.toMatchObject({ code: 'invalid' });
    await recordSurveillance(deps, officer, id, { at: world.clock.now().toISOString(), note: 'Seen it.' });
    expect(await codes()).toEqual([]);
  });

  test('what makes no sense is refused', async () => {
    const refused = (more: object) => addCertificate(deps, officer, { ...given, ...more });
    await expect(refused({ expiresAt: '2026-04-01T00:00:00Z' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(refused({ level: 'certified-assured' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(refused({ scheme: 'hosting' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(refused({ scope: { ...given.scope, environments: ['moon'] } })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('every state it was in is kept, and told in the ledger', async () => {
    const { scheme: _scheme, ...rest } = given;
    await changeCertificate(deps, officer, id, {
      ...rest,
      scope: { ...given.scope, services: ['iaas', 'dr'] },
      note: 'The scope was extended.',
    });
    await withdrawCertificate(deps, officer, id, 'Replaced.');
    await expect(withdrawCertificate(deps, officer, id, 'again')).rejects.toMatchObject({ code: 'conflict' });
    const { history, state, conditions } = await certificateDetail(deps, officer, id);
    expect([state, conditions.length]).toEqual(['withdrawn', 1]);
    expect(history.map(({ what }) => what)).toEqual([
      'withdrawn',
      'changed',
      'surveillance',
      'condition met',
      'condition added',
      'report kept',
      'added',
    ]);
    expect(history.at(-1)?.about.scope.services).toEqual(['iaas']);
    expect(history[0]?.about.scope.services).toEqual(['iaas', 'dr']);
    const actions = (await world.ledger())
      .map(({ action }) => action)
      .filter((one) => one.startsWith('certificate.'));
    expect(actions).toEqual([
      'certificate.added',
      'certificate.report-kept',
      'certificate.condition-added',
      'certificate.condition-met',
      'certificate.significant-change',
      'certificate.surveillance',
      'certificate.changed',
      'certificate.withdrawn',
    ]);
    await expect(
      world.tx((tx) => sql`update governance.certificate_change set note = ''`.execute(tx)),
    ).rejects.toThrow(/permission denied/);
  });

  test('a customer reads none of it', async () => {
    const { actor } = await world.member('acme-officer', 'acme');
    for (const ask of [
      () => listCertificates(deps, actor),
      () => certificateDetail(deps, actor, id),
      () => readReport(deps, actor, id),
      () => withdrawCertificate(deps, actor, id, 'x'),
    ])
      await expect((async () => ask())()).rejects.toMatchObject({ code: 'not-allowed' });
  });
});
