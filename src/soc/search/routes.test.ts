import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manualClock } from '#platform/clock';
import { columnIndex, columns, EventBlock, type EventStore, openEvents } from '#platform/events';
import type { Http } from '#platform/http';
import { call, caller, httpFor } from '#soc/testing';
import { catalogueOf } from './catalogue.ts';
import { searchPage } from './contract.ts';
import { routes } from './routes.ts';

const at = Date.parse('2026-03-02T10:00:00Z');
const clock = manualClock(new Date(at));
const range = { from: '2026-03-02T09:00:00Z', to: '2026-03-02T11:00:00Z' };
const uid = '00000000-0000-4000-8000-000000000001';
let folder: string;
let events: EventStore;
let http: Http;

async function insert(tenancy: string, sequence: number, host: string): Promise<void> {
  const block = new EventBlock();
  block.row();
  block.set(columnIndex.tenancy_id, tenancy);
  block.set(columnIndex.source_id, `${tenancy}-fw`);
  block.set(columnIndex.source_sequence, sequence);
  block.set(columnIndex.event_uid, uid.slice(0, -1) + String(sequence));
  block.set(columnIndex.time, at);
  block.set(columnIndex.ingest_time, at);
  block.set(columnIndex.device_hostname, host);
  block.field('Hidden', 'acme-only');
  await events.insert(block.finish());
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ironbark-search-routes-'));
  events = await openEvents({ folder });
  await insert('acme-odce', 1, 'LAB-7');
  const callers = [
    caller('kim', 'acme', ['acme-odce']),
    caller('zoe', 'zeta', ['zeta-odce']),
    caller('rae', 'acme', ['acme-odce'], ['alert.read']),
  ];
  const search = { events, catalogue: catalogueOf(columns), clock, noteReads: async () => undefined };
  http = await httpFor(callers, ({ streams }) => routes({ search, streams }));
}, 120_000);
afterAll(async () => {
  await http.close();
  await events.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a page is as the contract has it', async () => {
  const answer = await call(http, 'kim', 'POST', '/api/events/search', { ...range, query: 'host:lab-7' });
  expect(searchPage.parse(answer.body).events).toMatchObject([
    { uid, columns: { device_hostname: 'LAB-7' }, fields: { Hidden: 'acme-only' } },
  ]);
  expect(await call(http, 'kim', 'GET', `/api/events/${uid}`)).toMatchObject({ status: 200, body: { uid } });
});

test.each([
  [{ ...range, query: 'a:(b' }, 'query-syntax'],
  [{ from: range.to, to: range.from }, 'invalid'],
  [{ ...range, after: 'nonsense' }, 'invalid'],
])('%o is a problem that says so', async (body, code) => {
  expect(await call(http, 'kim', 'POST', '/api/events/search', body)).toMatchObject({
    status: 400,
    body: { type: expect.stringContaining(code) },
  });
});

test('who may not read events is told so', async () => {
  expect((await call(http, 'rae', 'POST', '/api/events/search', range)).status).toBe(403);
  expect((await call(http, 'rae', 'GET', '/api/events/tail')).status).toBe(403);
});

test('another tenancy sees nothing by any route', async () => {
  const ask = (url: string, more: object = {}) => call(http, 'zoe', 'POST', url, { ...range, ...more });
  expect((await ask('/api/events/search')).body).toMatchObject({ events: [], next: null });
  expect((await ask('/api/events/search', { tenancies: ['acme-odce'] })).body).toMatchObject({ events: [] });
  expect((await ask('/api/events/histogram')).body).toMatchObject({ total: 0 });
  expect((await ask('/api/events/facets', { fields: ['device_hostname', 'Hidden'] })).body).toMatchObject({
    facets: [
      { distinct: 0, values: [] },
      { distinct: 0, values: [] },
    ],
  });
  expect((await call(http, 'zoe', 'GET', '/api/events/fields?prefix=Hid')).body).toEqual({ fields: [] });
  expect((await call(http, 'zoe', 'GET', `/api/events/${uid}`)).status).toBe(404);
});

test('the live tail sends what is stored to whose scope covers it', async () => {
  const { port } = await http.listen({ host: '127.0.0.1', port: 0 });
  const stop = new AbortController();
  const listen = async (id: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/events/tail?query=`, {
      headers: { authorization: `Bearer ${id}` },
      signal: stop.signal,
    });
    const heard: string[] = [];
    void (async () => {
      for await (const piece of answer.body ?? []) heard.push(Buffer.from(piece).toString());
    })().catch(() => undefined);
    return heard;
  };
  const [kim, zoe] = [await listen('kim'), await listen('zoe')];
  let sequence = 1;
  // The first look may come after the first insert: then that one is not new any more.
  await expect
    .poll(
      async () => {
        if (sequence < 9) await insert('acme-odce', ++sequence, 'TAIL-HOST');
        return kim.join('');
      },
      { timeout: 30_000, interval: 2000 },
    )
    .toContain('TAIL-HOST');
  expect(zoe.join('')).not.toContain('TAIL-HOST');
  stop.abort();
});

test('a search whose caller hangs up is stopped in the store', async () => {
  // The store's own answer, only slower than anybody waits for.
  const slow: EventStore = {
    ...events,
    query: (scope, query, signal) =>
      events.query(
        scope,
        {
          ...query,
          sql: `SELECT t, uid FROM numbers(100000000000000) AS n CROSS JOIN (${query.sql}) AS page WHERE sleep(1) = 0`,
          maxSeconds: 600,
        },
        signal,
      ),
  };
  const own = await httpFor([caller('kim', 'acme', ['acme-odce'])], ({ streams }) =>
    routes({
      search: { events: slow, catalogue: catalogueOf(columns), clock, noteReads: async () => undefined },
      streams,
    }),
  );
  const running = async (): Promise<unknown> =>
    events.systemQuery({
      sql: "SELECT count() AS n FROM system.processes WHERE position(query, 'sleep(1)') > 0 AND position(query, 'system.processes') = 0",
      params: {},
    });
  try {
    const { port } = await own.listen({ host: '127.0.0.1', port: 0 });
    const hangUp = new AbortController();
    const answer = fetch(`http://127.0.0.1:${port}/api/events/search`, {
      method: 'POST',
      headers: { authorization: 'Bearer kim', 'content-type': 'application/json' },
      body: JSON.stringify({ ...range, query: '' }),
      signal: hangUp.signal,
    });
    const hungUp = expect(answer).rejects.toThrow('abort');
    await expect.poll(running, { timeout: 30_000 }).toEqual([{ n: 1 }]);
    hangUp.abort();
    await hungUp;
    await expect.poll(running, { timeout: 30_000 }).toEqual([{ n: 0 }]);
  } finally {
    await own.close();
  }
}, 120_000);
