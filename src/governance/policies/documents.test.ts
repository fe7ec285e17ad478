import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommunityWorld, engines, openCommunity } from '../testing.ts';
import { endPerson, proposeAppointment, verifyAppointment } from '#community/organisations';
import type { Actor } from '#identity';
import { sql } from 'kysely';
import type { NewDocument } from './contract.ts';
import {
  addDocument,
  addVersion,
  approveVersion,
  changeDocument,
  diffVersions,
  documentDetail,
  listDocuments,
  retireDocument,
  reviewDocument,
} from './documents.ts';
import { documentEvaluators, gatherDocuments } from './facts.ts';
import { acknowledge, myDocument, myDocuments } from './mine.ts';
import { remind } from './remind.ts';

const day = 86_400;

describe.each(engines())('documents on %s', (_engine, open) => {
  let world: CommunityWorld;
  let deps: Parameters<typeof listDocuments>[0];
  let writer: { actor: Actor; person: { id: string } };
  let ciso: typeof writer;
  let reader: typeof writer;
  beforeAll(async () => {
    world = await openCommunity(await open());
    deps = { ...world.deps, template: async () => undefined };
    writer = await world.member('writer', 'wattle');
    ciso = await world.member('ciso', 'wattle');
    reader = await world.member('reader', 'wattle');
    await appoint(ciso.person.id, 'ciso');
  }, 120_000);
  afterAll(() => world.close());

  async function appoint(person: string, office: 'ciso' | 'risk-owner'): Promise<void> {
    const { id } = await proposeAppointment(world.deps, world.admin, {
      person,
      office,
      evidenceKind: 'letter',
      evidence: 'letter 1',
      months: 24,
      mayDelegate: false,
    });
    for (const verifier of [`${office}-verifier-1`, `${office}-verifier-2`])
      await verifyAppointment(world.deps, await world.account(verifier, 'wattle'), id, 'called');
  }
  const given = (more: Partial<NewDocument> = {}): NewDocument => ({
    kind: 'policy',
    title: 'System usage policy',
    owner: writer.person.id,
    environments: [],
    controls: ['ism-1864'],
    frameworks: [],
    required: 'system-usage-policy',
    reviewMonths: 12,
    acknowledgeDays: 14,
    audience: { everybody: false, offices: [], people: [reader.person.id, ciso.person.id] },
    text: '# Usage\n\nUse it for work.\n',
    summary: 'The first version.',
    ...more,
  });
  const actions = async (): Promise<string[]> =>
    (await world.ledger()).map(({ action }) => action).filter((action) => action.startsWith('document.'));

  test('is approved by who holds the office and did not write it, and holds from its day on', async () => {
    const added = await addDocument(deps, writer.actor, given());
    expect(added).toMatchObject({
      id: 'system-usage-policy',
      version: null,
      next: { number: 1, state: 'draft' },
      approvable: { may: false, why: 'You wrote this version. Somebody else has to approve it.' },
    });
    const { sha256 } = added.shown;
    const approving = (actor: Actor, sha = sha256) =>
      approveVersion(deps, actor, added.id, 1, {
        sha256: sha,
        effectiveAt: new Date(world.clock.now().getTime() + day * 1000).toISOString(),
      });
    await expect(approving(writer.actor)).rejects.toMatchObject({ code: 'document-approval-refused' });
    await expect(approving(reader.actor)).rejects.toThrow('Only the CISO of the provider approves it');
    await expect(approving(world.admin)).rejects.toMatchObject({ code: 'document-approval-refused' });
    await expect(approving(ciso.actor, 'a'.repeat(64))).rejects.toMatchObject({ code: 'document-moved' });
    expect(await approving(ciso.actor)).toMatchObject({ version: null, next: { state: 'approved' } });
    await expect(approving(ciso.actor)).rejects.toThrow('decided already');
    expect((await myDocuments(deps, reader.actor)).documents).toEqual([]);
    world.clock.advance(day);
    expect(await documentDetail(deps, writer.actor, added.id)).toMatchObject({
      version: 1,
      approvedBy: 'ciso',
      review: { state: 'current' },
      acknowledged: { due: 2, acknowledged: 0, of: 2 },
    });
  });

  test('a CISO who wrote a version does not approve it', async () => {
    const own = await addDocument(deps, ciso.actor, given({ id: 'own', required: null }));
    await expect(approveVersion(deps, ciso.actor, 'own', 1, { sha256: own.shown.sha256 })).rejects.toThrow(
      'Somebody else',
    );
    await retireDocument(deps, ciso.actor, 'own', 'not needed');
    await expect(
      addVersion(deps, ciso.actor, 'own', { text: 'x', summary: 'x', minor: false }),
    ).rejects.toMatchObject({ code: 'document-moved' });
  });

  test("a system's document is for its authorising officer to approve, not the CISO", async () => {
    const plan = await addDocument(
      deps,
      writer.actor,
      given({
        id: 'ssp-pdce',
        kind: 'plan',
        title: 'SSP',
        environments: ['pdce'],
        required: 'system-security-plan',
        audience: { everybody: false, offices: ['risk-owner'], people: [] },
      }),
    );
    const { sha256 } = plan.shown;
    await expect(approveVersion(deps, ciso.actor, plan.id, 1, { sha256 })).rejects.toThrow(
      'risk owner or CIO',
    );
    const owner = await world.member('owner', 'wattle');
    await appoint(owner.person.id, 'risk-owner');
    expect(await approveVersion(deps, owner.actor, plan.id, 1, { sha256 })).toMatchObject({
      version: 1,
      acknowledged: { of: 1 },
    });
    const { required } = await listDocuments(deps, writer.actor);
    expect(
      required
        .filter(({ key }) => key === 'system-security-plan')
        .map(({ environment, state }) => [environment, state]),
    ).toEqual([
      ['odce', 'missing'],
      ['pdce', 'in-force'],
    ]);
    await expect(
      addDocument(
        deps,
        writer.actor,
        given({ id: 'other', environments: ['pdce'], required: 'system-security-plan' }),
      ),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  test('whoever is to read it acknowledges the very text in force; nobody else sees it there', async () => {
    const read = await myDocument(deps, reader.actor, 'system-usage-policy');
    expect(read).toMatchObject({ version: 1, state: 'due', text: '# Usage\n\nUse it for work.\n' });
    const wrong = { version: 1, sha256: 'b'.repeat(64) };
    await expect(acknowledge(deps, reader.actor, read.id, wrong)).rejects.toMatchObject({
      code: 'document-moved',
    });
    const done = await acknowledge(deps, reader.actor, read.id, { version: 1, sha256: read.sha256 });
    expect(done.state).toBe('acknowledged');
    await acknowledge(deps, reader.actor, read.id, { version: 1, sha256: read.sha256 });
    expect((await actions()).filter((action) => action === 'document.acknowledged')).toHaveLength(1);
    const acme = await world.member('acme-person', 'acme');
    for (const other of [acme.actor, writer.actor, world.admin]) {
      expect((await myDocuments(deps, other)).documents).toEqual([]);
      await expect(myDocument(deps, other, read.id)).rejects.toMatchObject({ code: 'not-found' });
      await expect(
        acknowledge(deps, other, read.id, { version: 1, sha256: read.sha256 }),
      ).rejects.toMatchObject({ code: 'not-found' });
    }
    expect(() => listDocuments(deps, acme.actor)).toThrow('governance.read');
  });

  test('a new version asks again, from its approval on; a minor one asks nobody', async () => {
    const id = 'system-usage-policy';
    const text = '# Usage\n\nUse it for work, and for nothing else.\n';
    await expect(
      addVersion(deps, writer.actor, id, {
        text: '# Usage\n\nUse it for work.\n',
        summary: 'same',
        minor: false,
      }),
    ).rejects.toMatchObject({ code: 'conflict' });
    await addVersion(deps, writer.actor, id, { text, summary: 'Narrower.', minor: false });
    expect((await myDocument(deps, reader.actor, id)).version).toBe(1);
    const { sha256 } = (await documentDetail(deps, ciso.actor, id, 2)).shown;
    await approveVersion(deps, ciso.actor, id, 2, { sha256 });
    expect(await myDocument(deps, reader.actor, id)).toMatchObject({ version: 2, state: 'due', text });
    await acknowledge(deps, reader.actor, id, { version: 2, sha256 });
    await addVersion(deps, writer.actor, id, {
      text: `${text}\nTypo mended.\n`,
      summary: 'Typo.',
      minor: true,
    });
    const third = await documentDetail(deps, ciso.actor, id, 3);
    await approveVersion(deps, ciso.actor, id, 3, { sha256: third.shown.sha256 });
    expect(await myDocument(deps, reader.actor, id)).toMatchObject({ version: 3, state: 'acknowledged' });
    const diff = await diffVersions(deps, writer.actor, id, 1, 2);
    expect(diff.blocks.filter(({ kind }) => kind !== 'same').map(({ kind }) => kind)).toEqual(['changed']);
  });

  test('reminders are given once for each day of theirs, and told in the ledger', async () => {
    expect(await remind(deps)).toMatchObject([
      { about: 'acknowledge', daysBefore: 14, document: 'ssp-pdce' },
      { about: 'acknowledge', daysBefore: 14, document: 'system-usage-policy', person: ciso.person.id },
    ]);
    expect(await remind(deps)).toEqual([]);
    world.clock.advance(14 * day);
    expect((await remind(deps)).map(({ daysBefore }) => daysBefore)).toEqual([0, 0]);
  });

  test('what the register says is evidence: who was to read, who did, what is overdue', async () => {
    const gather = () => world.tx((tx) => gatherDocuments(tx, 'pdce', world.clock.now()));
    const judge = async (id: string) => {
      const all = await gather();
      const collections = all.map((one) => ({
        id: one.kind,
        environment: 'pdce',
        tenancy: 'wattle-pdce',
        kind: one.kind,
        source: one.source,
        origin: 'the register',
        collectedAt: world.clock.now(),
        expiresAt: world.clock.now(),
        population: one.population,
        facts: one.facts.length,
        hash: '',
        ceiling: 'direct' as const,
      }));
      const evaluator = documentEvaluators.find((one) => one.id === id);
      if (evaluator === undefined || !('evaluate' in evaluator)) throw new Error('it looks at all facts');
      return evaluator.evaluate({
        now: world.clock.now(),
        collections: (kind) => collections.filter((one) => one.kind === kind),
        facts: (kind) =>
          all
            .filter((one) => one.kind === kind)
            .flatMap((one) => one.facts.map((fact) => ({ collection: collections[0] as never, fact }))),
      });
    };
    const [register, read] = await gather();
    expect(register?.facts.map(({ subject }) => subject).sort()).toEqual(['SSP', 'System usage policy']);
    expect(read?.population).toMatchObject({ covered: 1, of: 3 });
    expect(await judge('documents.communicated')).toMatchObject({
      status: 'not-satisfied',
      failed: 2,
      tested: 3,
    });
    expect(await judge('documents.reviewed')).toMatchObject({ status: 'satisfied', tested: 2 });
    expect(await judge('documents.required.system-security-plan')).toMatchObject({
      status: 'satisfied',
      confidence: 'partial',
    });
    expect(await judge('documents.required.continuous-monitoring-plan')).toMatchObject({ status: 'unknown' });
    world.clock.advance(366 * day);
    expect(await judge('documents.reviewed')).toMatchObject({ status: 'not-satisfied', failed: 2 });
    await reviewDocument(deps, writer.actor, 'ssp-pdce', {
      outcome: 'stands',
      note: 'Read it, nothing changed.',
    });
    expect(await judge('documents.reviewed')).toMatchObject({ status: 'not-satisfied', failed: 1 });
    expect(await judge('documents.required.system-security-plan')).toMatchObject({ status: 'satisfied' });
  });

  test('who left owes nothing, and readers are people of the provider', async () => {
    await endPerson(world.deps, world.admin, reader.person.id, 'left');
    expect((await documentDetail(deps, writer.actor, 'system-usage-policy')).acknowledged.of).toBe(1);
    await expect(
      changeDocument(deps, writer.actor, 'system-usage-policy', { owner: reader.person.id }),
    ).rejects.toMatchObject({ code: 'invalid' });
    await expect(
      addDocument(
        deps,
        writer.actor,
        given({
          id: 'x',
          required: null,
          environments: ['moon'],
          audience: { everybody: true, offices: [], people: [] },
        }),
      ),
    ).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a text, a review and an acknowledgement can not be changed afterwards by the program itself', async () => {
    for (const table of ['document_review', 'document_acknowledgement'])
      await expect(
        world.tx((tx) => sql`delete from ${sql.table(`governance.${table}`)}`.execute(tx)),
      ).rejects.toThrow(/permission denied/);
    await expect(
      world.tx((tx) => sql`update governance.document_version set text = 'other'`.execute(tx)),
    ).rejects.toThrow(/permission denied/);
  });
});
