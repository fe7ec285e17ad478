import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BlockRefused, EventsUnavailable } from '#platform/events';
import { openWorld, ruleInput, storedSequencesOf, type World } from './testing.ts';

const rule = (id: string, image: string): { path: string; text: string } => ({
  path: `${id}.yml`,
  text: `
title: ${image} was started
id: ${id}
logsource: { product: windows, category: process_creation }
detection: { selection: { Image|endswith: '\\${image}' }, condition: selection }
level: high
tags: [attack.t1059]
`,
});
const badId = '6f1f0b4e-0000-4000-8000-000000000001';
const otherId = '6f1f0b4e-0000-4000-8000-000000000002';
const countId = '6f1f0b4e-0000-4000-8000-000000000003';
const correlation = {
  path: 'count.yml',
  text: `
title: three in ten minutes
id: ${countId}
correlation: { type: event_count, rules: [${badId}], group-by: [Computer], timespan: 10m, condition: { gte: 3 } }
level: critical
`,
};

const item = (image: string, extra: object = {}): string =>
  JSON.stringify({
    EventID: 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Hostname: 'ws-1',
    UtcTime: new Date().toISOString().replace('T', ' ').replace('Z', ''),
    Image: `C:\\${image}`,
    ...extra,
  });
const many = (count: number, image = 'good.exe'): string[] =>
  Array.from({ length: count }, (_, n) => item(image, { n }));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

let folder: string;
let world: World;
/** What the event store is to do with the next inserts. */
let trouble: ((insert: () => Promise<void>) => Promise<void>) | undefined;

/** A text that makes it refuse a block. */
let refused: string | undefined;

const open = (rules = [rule(badId, 'bad.exe')]): Promise<World> =>
  openWorld({
    folder,
    rules,
    limits: { items: 500, windowMilliseconds: 20 },
    wrapEvents: (events) => ({
      ...events,
      insert: async (block) => {
        if (refused !== undefined && Buffer.from(block).includes(refused)) throw new BlockRefused(1);
        await (trouble === undefined ? events.insert(block) : trouble(() => events.insert(block)));
      },
    }),
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ironbark-pipeline-'));
  world = await open();
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

describe('an item that was acknowledged', () => {
  test('is stored once, counted, and alerts where a rule fires', async () => {
    await world.source('one');
    await world.append('one', [...many(1200), item('bad.exe'), ...many(3)]);
    await world.settled('one');
    expect(await storedSequencesOf(world, 'one')).toEqual(upTo(1204));
    expect(await world.alerts()).toEqual([{ ruleId: badId, detections: 1 }]);
    const [row] = await world.events.query<{ host: string; techniques: string[] }>(world.scope, {
      sql: `select device_hostname as host, attack_techniques as techniques from event where process_path = {path:String}`,
      params: { path: 'C:\\bad.exe' },
    });
    expect(row).toEqual({ host: 'ws-1', techniques: ['T1059'] });
    expect(world.faults).toEqual([]);
  });

  test('that is no event is rejected with its reason, and the others go their way', async () => {
    await world.source('mixed');
    await world.append('mixed', [item('good.exe'), '{"cut": ', '[1,2]', '   ', item('good.exe')]);
    await world.settled('mixed');
    expect(await storedSequencesOf(world, 'mixed')).toEqual([1, 5]);
    const { items } = await world.sources.rejected(
      { id: 'jo', kind: 'user', name: 'Jo', scope: world.scope },
      'mixed',
      { limit: 10 },
    );
    expect(items.map(({ code }) => code).sort()).toEqual(['empty', 'not-an-event', 'not-json']);
  });

  test('years old keeps its own time where its source is a recording, and not where it is live', async () => {
    await world.source('old-recording', { recorded: true });
    await world.source('old-clock');
    const old = [item('old.exe', { UtcTime: '2019-03-04 05:06:07.000' })];
    const before = Date.now();
    await world.append('old-recording', old);
    await world.append('old-clock', old);
    await world.settled('old-recording', 'old-clock');
    const times = await world.events.query<{ source: string; ms: number | string; own: string }>(
      world.scope,
      {
        sql: `select source_id as source, toUnixTimestamp64Milli(time) as ms, fields['ironbark.event_time'] as own
          from event where source_id in ('old-recording', 'old-clock') order by source_id`,
        params: {},
      },
    );
    const [clock, recording] = times.map((row) => ({ ...row, ms: Number(row.ms) }));
    const own = '2019-03-04T05:06:07.000Z';
    expect(recording).toEqual({ source: 'old-recording', ms: Date.parse(own), own: '' });
    expect(clock).toMatchObject({ source: 'old-clock', own });
    expect(clock?.ms).toBeGreaterThanOrEqual(before);
  });

  test('that the event store never takes is found by halves; the rest of its batch is stored', async () => {
    await world.source('stubborn');
    const marker = 'can-not-be-stored';
    refused = marker;
    await world.append('stubborn', [...many(40), item(marker), ...many(40)]);
    await world.settled('stubborn');
    refused = undefined;
    expect(await storedSequencesOf(world, 'stubborn')).toEqual(
      upTo(81).filter((sequence) => sequence !== 41),
    );
    const { items } = await world.sources.rejected(
      { id: 'jo', kind: 'user', name: 'Jo', scope: world.scope },
      'stubborn',
      { limit: 10 },
    );
    expect(items.map(({ code }) => code)).toEqual(['not-storable']);
  });
});

describe('an event store that is away', () => {
  test('is waited for; meanwhile the spool takes in, and nothing is lost or doubled', async () => {
    await world.source('waits');
    let failures = 0;
    trouble = async (insert) => {
      failures++;
      // Every other time the work is done, but the answer is lost.
      if (failures % 2 === 0) await insert();
      if (failures <= 4) throw new EventsUnavailable('test');
      if (failures % 2 !== 0) await insert();
    };
    for (let frame = 0; frame < 4; frame++) await world.append('waits', many(300));
    await world.settled('waits');
    trouble = undefined;
    // Both kinds happened: an insert that was not made, and one whose answer was lost. How many more depends on the batches.
    expect(failures).toBeGreaterThanOrEqual(2);
    expect(await storedSequencesOf(world, 'waits')).toEqual(upTo(1200));
  });
});

describe('rules', () => {
  test('are swapped under load: nothing is lost, each batch has one set, the new one fires', async () => {
    await world.source('reloads');
    let sent = 0;
    let reloading = true;
    const load = (async () => {
      while (reloading) {
        await world.append('reloads', many(100));
        sent += 100;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await world.pipeline.reload(
      ruleInput('2', [rule(badId, 'bad.exe'), rule(otherId, 'other.exe'), correlation]),
    );
    reloading = false;
    await load;
    await world.append('reloads', [item('other.exe')]);
    await world.settled('reloads');
    expect(await storedSequencesOf(world, 'reloads')).toEqual(upTo(sent + 1));
    expect(world.pipeline.rules()).toMatchObject({ version: '2', rejected: 0 });
    expect((await world.alerts()).find(({ ruleId }) => ruleId === otherId)).toEqual({
      ruleId: otherId,
      detections: 1,
    });
  });

  test('that do not load leave the old ones at work', async () => {
    const before = world.pipeline.rules().version;
    await world.pipeline.reload(ruleInput('broken', [{ path: 'x.yml', text: 'title: [' }]));
    expect(world.pipeline.rules()).toMatchObject({ version: 'broken', rejected: 1 });
    await world.pipeline.reload(
      ruleInput(before, [rule(badId, 'bad.exe'), rule(otherId, 'other.exe'), correlation]),
    );
  });
});

describe('correlations', () => {
  test('go on counting after a restart', async () => {
    await world.source('counts');
    await world.append('counts', [
      item('bad.exe', { Hostname: 'ws-9' }),
      item('bad.exe', { Hostname: 'ws-9' }),
    ]);
    await world.settled('counts');
    expect((await world.alerts()).some(({ ruleId }) => ruleId === countId)).toBe(false);
    await world.close();
    world = await open([rule(badId, 'bad.exe'), correlation]);
    await world.append('counts', [item('bad.exe', { Hostname: 'ws-9' })]);
    await world.settled('counts');
    expect((await world.alerts()).find(({ ruleId }) => ruleId === countId)).toEqual({
      ruleId: countId,
      detections: 1,
    });
    expect(world.faults).toEqual([]);
  });
});
