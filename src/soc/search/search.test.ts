import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manualClock } from '#platform/clock';
import { NotFound } from '#platform/errors';
import { columnIndex, columns, EventBlock, type EventStore, openEvents } from '#platform/events';
import { scopeOf, tenancyId } from '#platform/scope';
import { catalogueOf } from './catalogue.ts';
import { QuerySyntax } from './errors.ts';
import { event, facets, fieldNames, histogram, search, type SearchDeps, type Searcher } from './search.ts';
import { tail } from './tail.ts';

type Row = {
  tenancy?: string;
  at: number;
  columns?: Partial<Record<keyof typeof columnIndex, string | number>>;
  fields?: Record<string, string>;
  raw?: string;
};

const start = Date.parse('2026-03-02T10:00:00Z');
const clock = manualClock(new Date(start + 3_600_000));
const uidOf = (number: number): string => `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
const searcher = (id: string, ...tenancies: string[]): Searcher => {
  const scope = scopeOf(tenancies.map(tenancyId));
  if (scope === undefined) throw new Error('A scope is never empty.');
  return { id, kind: 'user', name: id, organisation: 'acme', scope };
};
const acme = searcher('kim', 'acme-odce');
const zeta = searcher('zoe', 'zeta-odce');
const provider = searcher('pat', 'acme-odce', 'zeta-odce');

const story: Row[] = [
  {
    at: 0,
    columns: {
      device_hostname: 'LAB-7',
      process_path: 'C:\\Windows\\System32\\certutil.exe',
      process_pid: 4711,
      src_ip: '10.1.2.3',
      actor_user_name: 'Kim',
    },
    fields: {
      Image: 'C:\\Windows\\System32\\certutil.exe',
      CommandLine: 'certutil -urlcache http://x/a_b%c',
      EventID: '1',
    },
  },
  {
    at: 60,
    columns: { device_hostname: 'lab-7', dst_ip: '2001:db8::7', dst_port: 443 },
    fields: { 'id.orig_h': '10.1.2.3', 'Threat Name': 'Bad "One"', score: '9.5', Guid: '{B34BC01C-238D-É9}' },
  },
  {
    at: 120,
    columns: {
      message: 'Accepted password for kim from 192.0.2.4 port 22',
      device_hostname: 'jump-01',
      src_ip: '192.0.2.4',
    },
    raw: '<86>sshd: Accepted password for kim from 192.0.2.4 port 22',
  },
  { at: 180, columns: { message: 'Größe überschritten' }, fields: { score: '10' } },
  { tenancy: 'zeta-odce', at: 0, columns: { device_hostname: 'LAB-7' }, fields: { secret: 'zeta' } },
];

let folder: string;
let events: EventStore;
let deps: SearchDeps;
const noted: string[] = [];
let inserted = 0;

async function insert(rows: readonly Row[]): Promise<void> {
  const block = new EventBlock();
  for (const row of rows) {
    const number = ++inserted;
    block.row();
    block.set(columnIndex.tenancy_id, row.tenancy ?? 'acme-odce');
    block.set(columnIndex.source_id, row.tenancy === 'zeta-odce' ? 'zeta-fw' : 'acme-dc');
    block.set(columnIndex.source_sequence, number);
    block.set(columnIndex.event_uid, uidOf(number));
    block.set(columnIndex.time, start + row.at * 1000);
    block.set(columnIndex.ingest_time, clock.now().getTime());
    for (const [name, value] of Object.entries(row.columns ?? {})) {
      // Object.entries forgets that the names are columns.
      expect(block.set(columnIndex[name as keyof typeof columnIndex], value)).toBe(true);
    }
    for (const [name, value] of Object.entries(row.fields ?? {})) block.field(name, value);
    if (row.raw !== undefined) block.set(columnIndex.raw, row.raw);
  }
  await events.insert(block.finish());
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ironbark-search-'));
  events = await openEvents({ folder });
  deps = {
    events,
    catalogue: catalogueOf(columns),
    clock,
    noteReads: async (actor, tenancies) => void noted.push(`${actor.id} ${tenancies.join()}`),
  };
  await insert(story);
}, 120_000);
afterAll(async () => {
  await events.close();
  rmSync(folder, { recursive: true, force: true });
});

const range = { from: new Date(start).toISOString(), to: new Date(start + 3600_000).toISOString() };
const found = async (query: string, actor = acme): Promise<number[]> => {
  const page = await search(deps, actor, { ...range, query, limit: 100 });
  return page.events.map((row) => Number.parseInt(row.uid.slice(-12), 16)).sort((a, b) => a - b);
};

describe('the query bar', () => {
  test.each([
    ['', [1, 2, 3, 4]],
    // Values with a word by which the index can be asked, in full and not.
    ['Guid:"{b34bc01c-238d-É9}"', [2]],
    ['Guid="{B34BC01C-238D-É9}"', [2]],
    ['Guid="{b34bc01c-238d-É9}"', []],
    ['Guid:"b34bc01c-238d-É9"', []],
    ['NOT Guid:"{b34bc01c-238d-É9}"', [1, 3, 4]],
    ['Guid:"{b34bc01c-238d-É9}" OR EventID:1', [1, 2]],
    ['certutil', [1]],
    ['CERTUTIL system32', [1]],
    ['certuti', []],
    ['*ertuti*', [1]],
    ['"x/a_b%c"', [1]],
    ['"x/aXb%c"', []],
    ['"Accepted password for kim"', [3]],
    ['"password accepted"', []],
    ['überschritten', [4]],
    ['host:lab-7', [1, 2]],
    ['device_hostname=LAB-7', [1]],
    ['device_hostname!=LAB-7', [2, 3, 4]],
    ['device_hostname:*', [1, 2, 3]],
    ['NOT device_hostname:*', [4]],
    ['process_path:C:\\Windows\\*\\certutil.exe', [1]],
    ['Image:*\\certutil.exe', [1]],
    ['Image="C:\\Windows\\System32\\certutil.exe"', [1]],
    ['CommandLine:*a_b%*', [1]],
    ['CommandLine:*aXb%*', []],
    ['process_pid:4711', [1]],
    ['process_pid>=4711 AND process_pid<5000', [1]],
    ['process_pid:47*', [1]],
    ['src_ip:10.0.0.0/8', [1]],
    ['src_ip:10.1.*', [1]],
    ['ip:192.0.2.4', [3]],
    ['dst_ip:2001:db8::/32', [2]],
    ['id.orig_h:10.1.0.0/16', [2]],
    ['"Threat Name":"bad ""one"""', [2]],
    ['score>9', [2, 4]],
    ['score:[9 TO 9.5]', [2]],
    ['score:{9.5 TO *]', [4]],
    ['EventID:1', [1]],
    ['device_hostname:(lab-7 OR jump-01) NOT dst_port:443', [1, 3]],
    ['user:kim OR dst_port>400', [1, 2]],
    ['time>=2026-03-02T10:02:00Z', [3, 4]],
    ['uid:00000000-0000-4000-8000-000000000002', [2]],
    ["'; DROP TABLE event; --", []],
    ['secret:zeta', []],
  ])('%s', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  test.each(['process_pid:abc', 'src_ip:10.0.0.0/99', 'time:yesterday', 'event_uid:7'])(
    '%s is refused with what it takes',
    async (query) => {
      await expect(found(query)).rejects.toThrow(QuerySyntax);
      await expect(found(query)).rejects.toThrow(/It takes/);
    },
  );
});

describe('a page', () => {
  test('is newest first, and the next goes on where it ended', async () => {
    const rows = Array.from(
      { length: 25 },
      (_, at): Row => ({ at: 600 + Math.floor(at / 4), fields: { batch: 'paging' } }),
    );
    await insert(rows);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await search(deps, acme, {
        ...range,
        query: 'batch:paging',
        limit: 7,
        ...(after && { after }),
      });
      seen.push(...page.events.map((row) => `${row.time} ${row.uid}`));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
    const times = seen.map((text) => text.slice(0, 24));
    expect(times).toEqual([...times].sort().reverse());
  });

  test('a row says what happened, leaves out what is empty, and has its own fields', async () => {
    const one = await event(deps, acme, uidOf(1));
    expect(one).toMatchObject({
      time: '2026-03-02T10:00:00.000Z',
      tenancy: 'acme-odce',
      source: 'acme-dc',
      summary: 'C:\\Windows\\System32\\certutil.exe · user Kim',
      columns: { process_pid: 4711, src_ip: '10.1.2.3' },
      fields: { CommandLine: 'certutil -urlcache http://x/a_b%c', EventID: '1' },
    });
    expect(one.columns).not.toHaveProperty('dst_ip');
    expect((await event(deps, acme, uidOf(3))).summary).toBe(
      'Accepted password for kim from 192.0.2.4 port 22',
    );
  });
});

describe('counts', () => {
  test('over time have every bucket', async () => {
    const counted = await histogram(deps, acme, {
      ...range,
      to: new Date(start + 300_000).toISOString(),
      query: '',
      buckets: 5,
    });
    expect(counted).toEqual({
      stepSeconds: 60,
      total: 4,
      at: [0, 60, 120, 180, 240].map((at) => start / 1000 + at),
      count: [1, 1, 1, 1, 0],
    });
  });

  test('of values are the most frequent first, with how many there are', async () => {
    const { facets: counted } = await facets(deps, acme, {
      ...range,
      query: 'NOT batch:*',
      fields: ['device_hostname', 'score', 'src_ip', 'dst_port'],
      top: 1,
    });
    expect(counted).toEqual([
      { field: 'device_hostname', distinct: 3, values: [{ value: 'LAB-7', count: 1 }] },
      { field: 'score', distinct: 2, values: [{ value: '10', count: 1 }] },
      { field: 'src_ip', distinct: 2, values: [{ value: '10.1.2.3', count: 1 }] },
      { field: 'dst_port', distinct: 1, values: [{ value: '443', count: 1 }] },
    ]);
  });

  test('names complete to columns and to what producers say', async () => {
    const names = await fieldNames(deps, acme, 's');
    expect(names).toContainEqual({ name: 'src_ip', type: 'IPv6', native: false });
    expect(names).toContainEqual({ name: 'score', type: 'String', native: true });
    expect(names.map(({ name }) => name)).not.toContain('secret');
  });
});

describe('scope', () => {
  test('another tenancy sees its own events only, whatever it asks', async () => {
    expect(await found('', zeta)).toEqual([5]);
    expect(await found('tenancy:acme-odce OR NOT tenancy:acme-odce', zeta)).toEqual([5]);
    expect(
      (await search(deps, zeta, { ...range, query: '', limit: 10, tenancies: ['acme-odce'] })).events,
    ).toEqual([]);
    await expect(event(deps, zeta, uidOf(1))).rejects.toThrow(NotFound);
    expect((await histogram(deps, zeta, { ...range, query: '', buckets: 1 })).total).toBe(1);
    expect(
      (await facets(deps, zeta, { ...range, query: '', fields: ['tenancy_id'], top: 5 })).facets[0]?.values,
    ).toEqual([{ value: 'zeta-odce', count: 1 }]);
  });

  test('what is looked at is noted before it is shown', async () => {
    noted.length = 0;
    await search(deps, provider, { ...range, query: '', limit: 1, tenancies: ['zeta-odce'] });
    await event(deps, provider, uidOf(1));
    expect(noted).toEqual(['pat zeta-odce', 'pat acme-odce']);
  });
});

describe('the live tail', () => {
  test('sends what is stored from now on, once, and counts what is too much', async () => {
    const seen: string[] = [];
    let skipped = 0;
    const stop = new AbortController();
    let opened = false;
    const sink = () => {
      opened = true;
      return {
        event: (row: { uid: string }) => void seen.push(row.uid),
        skipped: (count: number) => void (skipped += count),
      };
    };
    const running = tail(deps, acme, 'batch:tail', sink, stop.signal);
    await expect.poll(() => opened).toBe(true);
    // The first look at how far the sources are is over when a second one is under way.
    await events.query(acme.scope, { sql: 'SELECT 1 AS one', params: {} });
    const before = inserted;
    await insert([
      { at: 900, fields: { batch: 'other' } },
      { at: 900, fields: { batch: 'tail' } },
    ]);
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual([uidOf(before + 2)]);
    await insert(Array.from({ length: 130 }, () => ({ at: 901, fields: { batch: 'tail' } })));
    await expect.poll(() => seen.length + skipped, { timeout: 20_000 }).toBe(131);
    expect(seen.length).toBe(101);
    expect(new Set(seen).size).toBe(101);
    stop.abort();
    await running;
  });

  test('a query with a fault opens no stream', async () => {
    const never = () => {
      throw new Error('opened');
    };
    await expect(tail(deps, acme, 'a:(', never, new AbortController().signal)).rejects.toThrow(QuerySyntax);
  });
});

describe('equivalence', () => {
  const hosts = ['web-1', 'Web-2', 'db', ''];
  const words = ['alpha', 'Beta', 'al', 'x_1', '10.0.0.1'];
  const row = fc.record({
    host: fc.constantFrom(...hosts),
    port: fc.constantFrom(0, 22, 443, 8080),
    message: fc.array(fc.constantFrom(...words), { maxLength: 3 }).map((some) => some.join(' ')),
    level: fc.constantFrom('', '1', '5', '10', 'high'),
  });
  type Seen = { host: string; port: number; message: string; level: string };
  type Term = { text: string; holds: (row: Seen) => boolean };
  const lower = (text: string) => text.toLowerCase();
  const textOf = (one: Seen) => lower(`${one.message}  ${one.level}`);
  const term: fc.Arbitrary<Term> = fc.oneof(
    fc.constantFrom(...hosts.filter(Boolean)).map((host) => ({
      text: `device_hostname:${host}`,
      holds: (one: Seen) => lower(one.host) === lower(host),
    })),
    fc
      .constantFrom(...hosts.filter(Boolean))
      .map((host) => ({ text: `device_hostname=${host}`, holds: (one: Seen) => one.host === host })),
    fc.constantFrom('web', 'b', 'WEB-').map((part) => ({
      text: `device_hostname:${part}*`,
      holds: (one: Seen) => lower(one.host).startsWith(lower(part)),
    })),
    fc
      .constantFrom(22, 443, 500)
      .map((port) => ({ text: `dst_port>=${port}`, holds: (one: Seen) => one.port >= port })),
    fc
      .constantFrom(22, 443)
      .map((port) => ({ text: `dst_port:${port}`, holds: (one: Seen) => one.port === port })),
    fc.constantFrom(1, 5, 7).map((level) => ({
      text: `level<=${level}`,
      holds: (one: Seen) => /^\d+$/.test(one.level) && Number(one.level) <= level,
    })),
    fc.constant({ text: 'level:*', holds: (one: Seen) => one.level !== '' }),
    fc.constantFrom('alpha', 'BETA', 'al').map((word) => ({
      text: word,
      holds: (one: Seen) =>
        textOf(one)
          .split(/[^0-9a-z]+/)
          .includes(lower(word)),
    })),
    fc.constantFrom('"alpha Beta"', '"x_1"', '"10.0.0.1"').map((phrase) => ({
      text: phrase,
      holds: (one: Seen) => textOf(one).includes(lower(phrase.slice(1, -1))),
    })),
    fc
      .constantFrom('lph', '0.0')
      .map((part) => ({ text: `*${part}*`, holds: (one: Seen) => textOf(one).includes(part) })),
  );
  const { query } = fc.letrec<{ query: Term }>((tie) => ({
    query: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      term,
      tie('query').map((one) => ({ text: `NOT (${one.text})`, holds: (seen: Seen) => !one.holds(seen) })),
      fc.tuple(tie('query'), tie('query')).map(([a, b]) => ({
        text: `(${a.text} ${b.text})`,
        holds: (seen: Seen) => a.holds(seen) && b.holds(seen),
      })),
      fc.tuple(tie('query'), tie('query')).map(([a, b]) => ({
        text: `(${a.text} OR ${b.text})`,
        holds: (seen: Seen) => a.holds(seen) || b.holds(seen),
      })),
    ),
  }));

  test('random queries over random events find exactly what a plain reading of them says', async () => {
    const rows = fc.sample(row, { numRuns: 400, seed: 7 });
    const first = inserted + 1;
    await insert(
      rows.map(
        (one): Row => ({
          at: 5000,
          columns: {
            ...(one.host && { device_hostname: one.host }),
            ...(one.port && { dst_port: one.port }),
            ...(one.message && { message: one.message }),
          },
          fields: one.level === '' ? {} : { level: one.level },
        }),
      ),
    );
    const bounds = {
      from: new Date(start + 5_000_000).toISOString(),
      to: new Date(start + 5_001_000).toISOString(),
    };
    for (const { text, holds } of fc.sample(query, { numRuns: 80, seed: 11 })) {
      const page = await search(deps, acme, { ...bounds, query: text, limit: 1000 });
      const expected = rows.flatMap((one, at) => (holds(one) ? [uidOf(first + at)] : []));
      expect({ text, uids: page.events.map((found) => found.uid).sort() }).toEqual({
        text,
        uids: expected.sort(),
      });
    }
  }, 120_000);
});
