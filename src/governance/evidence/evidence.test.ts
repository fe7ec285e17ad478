import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../testing.ts';
import { factsOf, listCollections, listKinds, rawOf, showCollection, sweepFiles } from './collections.ts';
import { evaluateEvidence } from './evaluate.ts';
import { summing } from './evaluator.ts';
import { judgeAsOf, judgementsOf, rejudgeAll } from './judgements.ts';
import { environment, type EvidenceWorld, hosts, openEvidence, patched } from './testing.ts';
import { passEvidenceTime } from './time.ts';
import { changeFinding, listFindings, showFinding } from './work.ts';

describe.each(engines())('evidence on %s', (_engine, open) => {
  let world: EvidenceWorld;
  beforeAll(async () => {
    world = await openEvidence(await open());
  }, 120_000);
  afterAll(() => world.close());

  const evaluate = (deps = world.deps) => evaluateEvidence(deps, environment);
  const said = async (control = 'ism-0001', now = world.clock.now()) =>
    (await world.tx((tx) => judgementsOf(tx, environment, now))).get(control)?.[0]?.judgement;
  const list = () =>
    listCollections(world.deps, world.officer, {
      environment,
      kind: undefined,
      before: undefined,
      limit: 100,
    });
  const open_ = async () =>
    (await listFindings(world.deps, world.officer, { environment, state: 'open' })).findings;
  const parts = async () =>
    world.tx(
      async (tx) =>
        (await sql<{ n: number }>`select count(*) as n from governance.evidence_part`.execute(tx)).rows[0]?.n,
    );

  test('nothing is known before there is evidence, and it says what would settle it', async () => {
    await evaluate();
    expect(await said()).toMatchObject({ status: 'unknown', wouldSettle: ['Hosts looked at'] });
  });

  test('a file is recorded with its age, population, hash and ledger entry, and turns the control', async () => {
    world.inventory.set('hosts', 5);
    const file = hosts(
      { a: true, b: true },
      { source: 'scanner', population: { covered: 2, of: 2, basis: 'hosts' } },
    );
    const taken = await world.send(file);
    expect(taken).toMatchObject({
      applied: true,
      collection: {
        kind: 'test.hosts',
        source: 'scanner',
        hash: createHash('sha256').update(file).digest('hex'),
        population: { covered: 2, of: 5, basis: 'hosts, of the asset inventory' },
        facts: 2,
      },
    });
    const entry = (await world.ledger()).find(({ action }) => action === 'evidence.collected');
    expect(entry).toMatchObject({ tenancy: 'wattle-odce', facts: { sha256: taken.collection.hash, of: 5 } });
    expect(await evaluate()).toMatchObject({ judged: 1, changed: 1 });
    expect(await said()).toMatchObject({ status: 'satisfied', confidence: 'direct', tested: 2 });
    expect(await said('ism-0002')).toMatchObject({ status: 'satisfied' });
    expect(await evaluate()).toMatchObject({ judged: 0 });
  });

  test('the same file again is the same collection', async () => {
    const [before] = await list();
    const file = hosts(
      { a: true, b: true },
      { source: 'scanner', population: { covered: 2, of: 2, basis: 'hosts' } },
    );
    expect(await world.send(file)).toMatchObject({
      applied: false,
      known: true,
      collection: { id: before?.collection.id },
    });
    const both = await Promise.all([1, 2].map(() => world.send(hosts({ twin: true }, { source: 'twin' }))));
    expect(both.filter(({ applied }) => applied)).toHaveLength(1);
    expect(new Set(both.map(({ collection }) => collection.id)).size).toBe(1);
  });

  test('drift opens a finding for each control, and only a passing judgement closes it', async () => {
    world.clock.advance(3600);
    await world.send(hosts({ a: true, b: false }, { source: 'scanner' }));
    expect(await evaluate()).toMatchObject({ findings: { opened: 2, closed: 0 } });
    const [first] = await open_();
    expect(first).toMatchObject({
      origin: 'drift',
      failing: [{ subject: 'b' }],
      lastStatus: 'not-satisfied',
    });
    const id = first?.id ?? '';
    await changeFinding(world.deps, world.officer, id, { owner: 'ann', note: 'On it.' });
    await expect(changeFinding(world.deps, world.officer, id, { owner: 'nobody' })).rejects.toThrow(/people/);

    world.clock.advance(31 * 86_400);
    expect(await said()).toMatchObject({ status: 'unknown', because: expect.stringMatching(/expired/) });
    expect(await passEvidenceTime(world.deps)).toBe(1);
    await evaluate();
    expect((await open_()).map(({ lastStatus }) => lastStatus)).toEqual(['unknown', 'unknown']);

    await world.send(hosts({ a: true, b: true }, { source: 'scanner' }));
    expect(await evaluate()).toMatchObject({ findings: { closed: 2 } });
    expect(await open_()).toEqual([]);
    const closed = await showFinding(world.deps, world.officer, id);
    expect(closed.owner?.name).toBe('Ann');
    expect(closed.history.map(({ what }) => what)).toEqual(['closed', 'unknown', 'note', 'owner', 'opened']);
    await expect(changeFinding(world.deps, world.officer, id, { note: 'x' })).rejects.toThrow(/closed/);
    const actions = (await world.ledger()).map(({ action }) => action);
    for (const action of ['finding.opened', 'finding.changed', 'finding.closed', 'evidence.judged'])
      expect(actions).toContain(action);
  });

  test('an accepted finding has no due date, its time begins anew when that ends, and it closes when it is fixed', async () => {
    world.clock.advance(60);
    await world.send(hosts({ a: false }, { source: 'scanner' }));
    await evaluate();
    const before = (await open_()).find(({ control }) => control === 'ism-0001');
    const until = new Date(world.clock.now().getTime() + 7 * 86_400_000);
    world.acceptances.set('ism-0001', { id: 'exception-1', until });
    await evaluate();
    const accepted = (await open_()).find(({ control }) => control === 'ism-0001');
    expect(accepted?.accepted).toEqual({ id: 'exception-1', until });
    world.clock.set(until);
    world.acceptances.clear();
    // Read before anything was worked out anew.
    const after = (await open_()).find(({ control }) => control === 'ism-0001');
    expect(after).toMatchObject({ accepted: undefined, dueAt: new Date(until.getTime() + 30 * 86_400_000) });
    expect(after?.dueAt.getTime()).toBeGreaterThan(before?.dueAt.getTime() ?? 0);
    await evaluate();
    const history = (await showFinding(world.deps, world.officer, after?.id ?? '')).history;
    expect(history.map(({ what }) => what)).toEqual(['acceptance-ended', 'risk-accepted', 'opened']);
    world.acceptances.set('ism-0001', { id: 'exception-2', until: new Date(until.getTime() + 86_400_000) });
    await evaluate();
    await world.send(hosts({ a: true }, { source: 'scanner' }));
    await evaluate();
    expect(await open_()).toEqual([]);
    world.acceptances.clear();
  });

  test('evidence expires at the very second, and an older collection does not come back', async () => {
    world.clock.advance(1);
    const expiresAt = new Date(world.clock.now().getTime() + 10_000);
    await world.send(hosts({ a: true, b: true, c: true }, { source: 'scanner' }), { expiresAt });
    await evaluate();
    expect(await said('ism-0001', new Date(expiresAt.getTime() - 1))).toMatchObject({
      status: 'satisfied',
      tested: 3,
    });
    expect(await said('ism-0001', expiresAt)).toMatchObject({ status: 'unknown' });
    world.clock.set(expiresAt);
    await evaluate();
    // Only the twin's snapshot could still be in force, and it has expired too.
    expect(await said()).toMatchObject({ status: 'unknown', wouldSettle: ['Hosts looked at'] });
  });

  test('evidence from the future is refused, a clock a little ahead is not', async () => {
    const ahead = (seconds: number) => new Date(world.clock.now().getTime() + seconds * 1000);
    await expect(world.send(hosts({ f: true }), { collectedAt: ahead(3600) })).rejects.toMatchObject({
      code: 'evidence-from-future',
    });
    const { collection, applied } = await world.send(hosts({ f: true }), { collectedAt: ahead(60) });
    expect([applied, collection.collectedAt]).toEqual([true, world.clock.now()]);
    const later = JSON.stringify([{ subject: 'x', at: ahead(9000).toISOString(), values: {} }]);
    expect(await world.send(later)).toMatchObject({ applied: false, refused: expect.stringMatching(/rows/) });
    await expect(world.send(hosts({ g: true }), { expiresAt: ahead(-1) })).rejects.toThrow(
      /before it was collected/,
    );
    await expect(world.send(hosts({ g: true }), { expiresAt: ahead(1e9) })).rejects.toThrow(/five years/);
  });

  test('old evidence can be judged as of then, by evaluators of today', async () => {
    const then = world.clock.now();
    await world.send(hosts({ a: true }, { source: 'scanner' }), { collectedAt: then });
    await evaluate();
    world.clock.advance(90 * 86_400);
    await evaluate();
    expect(await said()).toMatchObject({ status: 'unknown' });
    const stricter = {
      ...world.deps,
      evaluators: [
        {
          ...patched,
          version: 2,
          evaluate: () => ({ status: 'unknown', because: 'v2', wouldSettle: [] }) as const,
        },
      ],
    };
    const asOf = new Date(then.getTime() + 1000);
    expect((await judgeAsOf(world.deps, world.officer, environment, asOf)).judgements[0]).toMatchObject({
      judgement: { status: 'satisfied' },
      saidThen: { status: 'satisfied' },
    });
    expect((await judgeAsOf(stricter, world.officer, environment, asOf)).judgements[0]).toMatchObject({
      judgement: { status: 'unknown', because: 'v2' },
      saidThen: { status: 'satisfied' },
    });
    expect(await said()).toMatchObject({ status: 'unknown', wouldSettle: ['Hosts looked at'] });
    // A new version is asked without anybody saying so; then every evaluator is, when somebody does.
    await world.send(hosts({ a: true }, { source: 'scanner' }), { collectedAt: world.clock.now() });
    expect(await evaluate(stricter)).toMatchObject({ judged: 1 });
    expect(await said()).toMatchObject({ because: 'v2' });
    const all = await rejudgeAll(world.deps, world.officer, environment);
    expect(all.judgements[0]).toMatchObject({
      judgement: { status: 'satisfied' },
      saidThen: { because: 'v2' },
    });
  });

  test('a dry run tells all and records nothing', async () => {
    const before = [(await list()).length, await parts(), (await world.ledger()).length];
    const dry = await world.send(hosts({ dry: true }), { dryRun: true });
    expect(dry).toMatchObject({ applied: false, known: false, refused: undefined, gathered: { facts: 1 } });
    expect([(await list()).length, await parts(), (await world.ledger()).length]).toEqual(before);
    expect(readdirSync(`${world.folder}/arriving`)).toEqual([]);
  });

  test('a bad row refuses the file, or is left out, by policy; never half of it', async () => {
    const file = '{"subject":"ok","values":{"patched":true}}\n{"subject":""}\n{"subject":"ok2","val';
    const before = [(await list()).length, await parts()];
    const refused = await world.send(file, { name: 'x.ndjson' });
    expect(refused).toMatchObject({
      applied: false,
      report: { rows: 3, taken: 1, refused: 2, cutOff: true },
    });
    expect(refused.report.lines.map(({ row, outcome }) => [row, outcome])).toEqual([
      [2, 'refused'],
      [3, 'refused'],
    ]);
    expect([(await list()).length, await parts()]).toEqual(before);
    const skipped = await world.send(file, { name: 'x.ndjson', onBadRow: 'skip-row' });
    expect(skipped).toMatchObject({ applied: true, gathered: { facts: 1 } });
    const detail = await showCollection(world.deps, world.officer, skipped.collection.id);
    expect(detail.collection.report).toMatchObject({ refused: 2 });
  });

  test('an import that fails at the last step leaves nothing', async () => {
    const before = [(await list()).length, await parts()];
    const ledger = { ...world.deps.ledger, record: () => Promise.reject(new Error('no ledger')) };
    const { takeFile } = await import('./take.ts');
    const stated = { environment, kind: 'test.hosts', name: 'lost', dryRun: false };
    await expect(
      takeFile(
        { ...world.deps, ledger },
        world.officer,
        stated,
        Readable.from([Buffer.from(hosts({ lost: true }))]),
      ),
    ).rejects.toThrow('no ledger');
    expect([(await list()).length, await parts()]).toEqual(before);
    // The file that nobody recorded is swept when nobody can still be recording it.
    expect(await sweepFiles(world.deps)).toBe(0);
    world.clock.set(new Date(Date.now() + 3 * 86_400_000));
    expect(await sweepFiles(world.deps)).toBe(1);
  });

  test('the file comes back byte by byte, packed ones as they were, and reading it is recorded', async () => {
    const file = gzipSync(hosts({ packed: true }));
    const { collection } = await world.send(file, { name: 'packed.json.gz' });
    const { bytes } = await rawOf(world.deps, world.officer, collection.id);
    const pieces: Buffer[] = [];
    for await (const piece of bytes) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(file)).toBe(true);
    expect((await world.ledger()).at(-1)).toMatchObject({ action: 'evidence.downloaded' });
    expect(await factsOf(world.deps, world.officer, collection.id, { from: 0, limit: 10 })).toEqual({
      facts: [{ subject: 'packed', values: { patched: true } }],
      total: 1,
    });
  });

  test('facts are paged across parts in the order of the file', async () => {
    const many = Array.from({ length: 4500 }, (_, at) => `{"subject":"h${at}","values":{}}`).join('\n');
    const { collection } = await world.send(many, { source: 'many' });
    const page = await factsOf(world.deps, world.officer, collection.id, { from: 1999, limit: 3 });
    expect(page.total).toBe(4500);
    expect(page.facts.map(({ subject }) => subject)).toEqual(['h1999', 'h2000', 'h2001']);
  });

  test('a summing evaluator reads each collection once, and a new fact costs only the new collection', async () => {
    let read = 0;
    const counting = summing<number>({
      id: 'test.counting',
      version: 1,
      title: 'Events come in',
      controls: ['ism-0009'],
      kinds: ['test.events'],
      ceiling: 'direct',
      begin: () => {
        let count = 0;
        return { add: () => void (read++, count++), sum: () => count };
      },
      judge: ({ sums }) => {
        const tested = sums('test.events').reduce((all, { sum }) => all + sum, 0);
        return { status: 'satisfied', confidence: 'direct', because: `${tested} events`, tested };
      },
    });
    const deps = { ...world.deps, evaluators: [counting] };
    const event = (subject: string) => `[{"subject":"${subject}","values":{}}]`;
    const sendEvent = (subject: string) =>
      world.send(event(subject), { kind: 'test.events', source: 'door' });
    await sendEvent('1');
    await sendEvent('2');
    await evaluate(deps);
    expect([read, await said('ism-0009')]).toEqual([
      2,
      expect.objectContaining({ tested: 2, confidence: 'proxy' }),
    ]);
    await sendEvent('3');
    await evaluate(deps);
    expect([read, await said('ism-0009')]).toEqual([3, expect.objectContaining({ tested: 3 })]);
    await rejudgeAll(deps, world.officer, environment);
    expect(read).toBe(3);
    // What is no longer an evaluator says nothing any more.
    expect(await said('ism-0001')).toBeUndefined();
  });

  test('an evaluator that fails is unknown, and satisfied without anything tested is too', async () => {
    const broken = {
      ...patched,
      id: 'test.broken',
      evaluate: () => {
        throw new Error('bug');
      },
    };
    const empty = {
      ...patched,
      id: 'test.empty',
      controls: ['ism-0003'],
      evaluate: () => ({ status: 'satisfied', confidence: 'direct', because: '', tested: 0 }) as const,
    };
    const deps = { ...world.deps, evaluators: [broken, empty] };
    await world.send(hosts({ z: true }, { source: 'z' }));
    await evaluate(deps);
    expect(await said('ism-0001')).toMatchObject({ status: 'unknown' });
    expect(await said('ism-0003')).toMatchObject({ status: 'unknown' });
    expect(world.failed).toHaveLength(1);
  });

  test('who has no part in the system sees nothing of it and sends nothing', async () => {
    const { stranger, deps } = world;
    const [known] = await list();
    const id = known?.collection.id ?? '';
    for (const asked of [
      () => world.send(hosts({ spy: true }), {}, stranger),
      () => listCollections(deps, stranger, { environment, kind: undefined, before: undefined, limit: 1 }),
      () => showCollection(deps, stranger, id),
      () => factsOf(deps, stranger, id, { from: 0, limit: 1 }),
      () => rawOf(deps, stranger, id),
      () => listKinds(deps, stranger, environment),
      () => listFindings(deps, stranger, { environment, state: 'all' }),
      () => judgeAsOf(deps, stranger, environment, new Date()),
      () => rejudgeAll(deps, stranger, environment),
    ])
      await expect(asked()).rejects.toMatchObject({ code: 'not-found' });
  });

  test('nothing that was collected can be altered or removed', async () => {
    for (const statement of [
      'delete from governance.evidence_part',
      `update governance.evidence_collection set facts = 0`,
      'delete from governance.evidence_judgement_change',
      'delete from governance.evidence_finding',
    ])
      await expect(world.tx((tx) => sql.raw(statement).execute(tx))).rejects.toThrow(/permission denied/);
  });
});
