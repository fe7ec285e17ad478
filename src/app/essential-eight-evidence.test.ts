import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { essentialEightEvaluators, essentialEightKinds, loadTable } from '#essential-eight';
import { collectOwn, type EvidenceDeps, evaluateEvidence, judgementsOf } from '#governance/evidence';
import { columnIndex, EventBlock, type EventStore, openEvents } from '#platform/events';
import { scopeOf, tenancyId } from '#platform/scope';
import type { SourceWithBalance } from '#contract/soc/sources';
import { type InventoryWorld, openInventory } from '../assets/testing.ts';
import { engines } from '../community/organisations/testing.ts';
import { factsOf, listCollections } from '../governance/evidence/collections.ts';
import { essentialEightCollectors, type EssentialEightSources } from './essential-eight-evidence.ts';

const root = join(import.meta.dirname, '../..');
const minute = 60_000;

type Row = {
  readonly tenancy?: string;
  readonly host: string;
  readonly service: string;
  readonly event: number;
  /** Minutes before the clock's now. */
  readonly ago: number;
  readonly columns?: Partial<Record<keyof typeof columnIndex, string | number>>;
};

describe.each(engines())('evidence that this system holds anyway, on %s', (_engine, open) => {
  let world: InventoryWorld;
  let events: EventStore;
  let folder: string;
  let deps: EvidenceDeps;
  let sequence = 0;
  let asked = 0;
  const sources: { silent: boolean; state: 'active' | 'paused'; pending?: number }[] = [];

  beforeAll(async () => {
    world = await openInventory(await open());
    folder = mkdtempSync(join(tmpdir(), 'ironbark-own-events-'));
    events = await openEvents({ folder: join(folder, 'events') });
    deps = {
      ...world.deps,
      folder,
      log: {
        warn: () => undefined,
        error: (facts) => {
          throw new Error(JSON.stringify(facts));
        },
      },
      kinds: essentialEightKinds,
      importers: [],
      evaluators: essentialEightEvaluators(loadTable(root)),
      inventoryOf: async () => undefined,
      acceptances: async () => new Map(),
      people: async () => [],
    };
  }, 120_000);
  afterAll(async () => {
    await events.close();
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const collectors = () =>
    essentialEightCollectors({
      records: world.deps.records,
      clock: world.clock,
      events: {
        query: (...given) => {
          asked++;
          return events.query(...given);
        },
      },
      sources: {
        list: async (actor) => {
          expect([...(actor.scope?.tenancies ?? [])]).toHaveLength(1);
          // Of a source only its state and silence are looked at.
          return sources.map(({ silent, state, pending = 0 }, at) => ({
            id: `s${at}`,
            state,
            balance: { silent, pending, eventsPerSecond: 2 },
          })) as unknown as SourceWithBalance[];
        },
      },
    } satisfies EssentialEightSources);

  async function insert(rows: readonly Row[]): Promise<void> {
    const block = new EventBlock();
    for (const { tenancy = 'wattle-odce', host, service, event, ago, columns = {} } of rows) {
      const at = world.clock.now().getTime() - ago * minute;
      block.row();
      const all = {
        tenancy_id: tenancy,
        source_id: 's0',
        source_sequence: ++sequence,
        event_uid: `00000000-0000-4000-8000-${sequence.toString(16).padStart(12, '0')}`,
        time: at,
        ingest_time: at,
        product: 'windows',
        device_hostname: host,
        logsource_service: service,
        event_code: String(event),
        ...columns,
      };
      // Object.entries forgets that the names are columns.
      for (const [name, value] of Object.entries(all))
        expect(block.set(columnIndex[name as keyof typeof columnIndex], value)).toBe(true);
    }
    await events.insert(block.finish());
  }

  const collected = async (kind: string) => {
    const actor = { ...world.provider, scope: scopeOf([tenancyId('wattle-odce')]) ?? world.provider.scope };
    const found = await listCollections(deps, actor, {
      environment: 'odce',
      kind,
      before: undefined,
      limit: 20,
    });
    return Promise.all(
      found.map(async ({ collection, state }) => ({
        collection,
        state,
        facts: (await factsOf(deps, actor, collection.id, { from: 0, limit: 100 })).facts,
      })),
    );
  };
  const judgement = async (control: string) => {
    await evaluateEvidence(deps, 'odce');
    const found = await world.tx((tx) => judgementsOf(tx, 'odce', world.clock.now()));
    return found.get(control)?.map((one) => one.judgement) ?? [];
  };

  test('without a source and without a host nothing is said: no collection is made, and nothing is judged', async () => {
    expect(await collectOwn(deps, collectors())).toBe(0);
    expect(asked).toBe(0);
    expect(await judgement('ism-1509')).toMatchObject([{ status: 'unknown' }]);
  });

  test('events are summed up by host, event and who sat there, with the sources that speak as population', async () => {
    sources.push({ silent: false, state: 'active' }, { silent: true, state: 'active' });
    const logon = (account: string, type: number) => ({
      target_user_name: account,
      target_user_uid: `S-1-5-21-1-${account}`,
      logon_type_id: type,
    });
    await insert([
      { host: 'dc1', service: 'security', event: 4672, ago: 60 },
      { host: 'dc1', service: 'security', event: 4672, ago: 30 },
      { host: 'dc1', service: 'security', event: 4728, ago: 30 },
      { host: 'pc1', service: 'security', event: 4624, ago: 20, columns: logon('jo', 2) },
      // By the network: who it was isn't told apart.
      { host: 'pc1', service: 'security', event: 4624, ago: 19, columns: logon('svc1', 3) },
      { host: 'pc1', service: 'security', event: 4624, ago: 18, columns: logon('svc2', 3) },
      { host: 'pc1', service: 'security', event: 4688, ago: 15, columns: { process_cmd_line: 'a.exe' } },
      { host: 'pc1', service: 'security', event: 4688, ago: 14 },
      { host: 'pc1', service: 'powershell', event: 4104, ago: 14 },
      { host: 'pc1', service: 'applocker', event: 8002, ago: 14 },
      // Not of use, not Windows, another's, without a host, and too fresh.
      { host: 'pc1', service: 'security', event: 4634, ago: 14 },
      { host: 'lx1', service: 'sysmon', event: 1, ago: 14, columns: { product: 'linux' } },
      { tenancy: 'acme-odce', host: 'theirs', service: 'security', event: 4672, ago: 14 },
      { host: '', service: 'security', event: 4672, ago: 14 },
      { host: 'pc2', service: 'security', event: 4672, ago: 1 },
    ]);
    expect(await collectOwn(deps, collectors())).toBe(2);
    const [one] = await collected('windows.events');
    expect(one?.collection).toMatchObject({
      environment: 'odce',
      tenancy: 'wattle-odce',
      source: 'ironbark event store',
      population: { covered: 1, of: 2, basis: 'log sources that speak, of those registered' },
      ceiling: 'direct',
      by: { name: 'evidence' },
    });
    expect(one?.collection.collectedAt).toEqual(world.clock.now());
    expect(one?.collection.hash).toMatch(/^[0-9a-f]{64}$/);
    const told = one?.facts.map(({ subject, values }) => [
      subject,
      values['channel'],
      values['event'],
      values['account'],
      values['count'],
    ]);
    expect(told).toEqual([
      ['dc1', 'security', 4672, undefined, 2],
      ['dc1', 'security', 4728, undefined, 1],
      ['pc1', 'applocker', 8002, undefined, 1],
      ['pc1', 'powershell', 4104, undefined, 1],
      ['pc1', 'security', 4624, undefined, 2],
      ['pc1', 'security', 4624, 'jo', 1],
      ['pc1', 'security', 4688, undefined, 2],
    ]);
    expect(one?.facts.at(-1)?.values['commandLine']).toBe(false);
    const entries = await world.ledger();
    expect(entries).toContainEqual(
      expect.objectContaining({
        action: 'evidence.collected',
        tenancy: 'wattle-odce',
        facts: expect.objectContaining({ sha256: one?.collection.hash, covered: 1, of: 2 }),
      }),
    );
  });

  test('the next look takes what was too fresh, and waits while much is still on its way into the store', async () => {
    expect(await collectOwn(deps, collectors())).toBe(0);
    world.clock.advance(3600);
    await insert([{ host: 'dc1', service: 'security', event: 4672, ago: 30 }]);
    sources.push({ silent: false, state: 'active', pending: 601 });
    expect(await collectOwn(deps, collectors())).toBe(0);
    sources.pop();
    // Both environments have sources here.
    expect(await collectOwn(deps, collectors())).toBe(2);
    const [newest, before] = await collected('windows.events');
    expect(newest?.facts.map(({ subject }) => subject).sort()).toEqual(['dc1', 'pc2']);
    expect([newest?.state, before?.state]).toEqual(['in-force', 'in-force']);
  });

  test('hosts of the inventory are the population: a host that sends nothing makes it unknown, all of them satisfied', async () => {
    await world.import(
      'kind,name,hostname,os,exposure\nhost,dc1,dc1.harbour.example,Windows Server 2022,management-zone\nhost,pc1,pc1.harbour.example,Windows 11 Enterprise,\nhost,pc3,pc3.harbour.example,Windows 10.0.19045,internet\nhost,lx9,lx9.harbour.example,Debian 13,internet\n',
      { tenancy: 'wattle-odce' },
    );
    world.clock.advance(3600);
    await collectOwn(deps, collectors());
    const [inventory] = await collected('inventory.hosts');
    expect(inventory?.collection.population).toMatchObject({ covered: 4, of: 4 });
    const roles = inventory?.facts.map(({ subject, values }) => [
      subject.split('.')[0],
      values['role'],
      values['internetFacing'],
    ]);
    expect(roles?.sort()).toEqual([
      ['dc1', 'server', false],
      ['lx9', undefined, true],
      ['pc1', 'workstation', undefined],
      // Ten is also what Windows Server calls itself: a build number tells no role.
      ['pc3', undefined, true],
    ]);
    expect((await judgement('ism-1509'))[0]).toMatchObject({ status: 'unknown' });
    world.clock.advance(3600);
    await insert([
      { host: 'pc1', service: 'security', event: 4672, ago: 30 },
      { host: 'pc3.harbour.example', service: 'security', event: 4672, ago: 30 },
    ]);
    await collectOwn(deps, collectors());
    expect((await judgement('ism-1509'))[0]).toMatchObject({
      status: 'satisfied',
      confidence: 'proxy',
      of: 3,
    });
    expect((await judgement('ism-1889'))[0]).toMatchObject({
      status: 'not-satisfied',
      failing: [{ subject: 'pc1.harbour.example' }],
    });
  });
});
