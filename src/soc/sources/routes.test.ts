import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLedger } from '#ledger';
import { manualClock } from '#platform/clock';
import type { Http } from '#platform/http';
import { systemIds } from '#platform/ids';
import type { Records } from '#platform/records';
import { createTestRecords } from '#platform/records/testing';
import { sourceId } from '#platform/scope';
import { openSpool, type Spool } from '#platform/spool';
import { call, caller, httpFor } from '#soc/testing';
import { doors, rejectedPage, replayResult, source, sourceCreated, sourceList } from './contract.ts';
import { createSources, type Sources } from './sources.ts';
import { routes } from './routes.ts';

const clock = manualClock('2026-03-02T10:00:00Z');
let records: Records;
let spool: Spool;
let sources: Sources;
let http: Http;
let folder: string;

beforeAll(async () => {
  records = await createTestRecords();
  folder = await mkdtemp(`${tmpdir()}/ironbark-source-routes-`);
  spool = await openSpool({ folder, capBytes: 1e8 });
  sources = await createSources({
    records,
    spool,
    clock,
    ids: systemIds(clock),
    ledger: createLedger({ clock, records }),
    log: { info: () => {}, warn: () => {}, error: () => {} },
    silence: { raise: async () => {}, clear: async () => {} },
    recheck: () => undefined,
  });
  const all = ['source.read', 'source.manage'] as const;
  http = await httpFor(
    [
      caller('kim', 'acme', ['acme-odce'], [...all]),
      caller('zoe', 'zeta', ['zeta-odce'], [...all]),
      caller('rae', 'acme', ['acme-odce'], ['source.read']),
      caller('sam', 'acme', ['acme-odce'], ['event.read']),
    ],
    () =>
      routes({
        sources,
        doors: () => [{ id: 'bulk', kind: 'bulk', host: '127.0.0.1', port: 9200, tls: false }],
      }),
  );
});
afterAll(async () => {
  await http.close();
  await sources.close();
  await spool.close();
  await records.close();
  await rm(folder, { recursive: true, force: true });
});

const wanted = (id: string) => ({ id, name: id, tenancy: 'acme-odce', authentication: { kind: 'token' } });

describe('sources over HTTP', () => {
  test('one is made, shown with its balance, changed, given a new secret', async () => {
    const made = await call(http, 'kim', 'POST', '/api/sources', wanted('fw1'));
    expect(made.status).toBe(201);
    const { secret } = sourceCreated.parse(made.body);
    expect(secret).toMatch(/^ibs_/);
    const list = sourceList.parse((await call(http, 'rae', 'GET', '/api/sources')).body);
    expect(list.sources.map(({ id, balance }) => [id, balance.received])).toEqual([['fw1', 0]]);
    const changed = await call(http, 'kim', 'PATCH', '/api/sources/fw1', { state: 'paused' });
    expect(source.parse(changed.body).state).toBe('paused');
    const renewed = sourceCreated.parse((await call(http, 'kim', 'POST', '/api/sources/fw1/secret')).body);
    expect(renewed.secret).not.toBe(secret);
    expect(doors.parse((await call(http, 'rae', 'GET', '/api/sources/doors')).body).doors).toHaveLength(1);
  });

  test('what was rejected is shown and let in again', async () => {
    await call(http, 'kim', 'POST', '/api/sources', wanted('fw2'));
    const bytes = Buffer.from('{"cut');
    const about = {
      receivedAt: clock.now(),
      code: 'json-invalid',
      reason: 'No.',
      wire: 'json',
      peer: '',
      clientId: '',
    } as const;
    await sources.rejectAtDoor([{ source: sourceId('fw2'), bytes, sizeBytes: bytes.length, ...about }]);
    const page = rejectedPage.parse(
      (await call(http, 'rae', 'GET', '/api/sources/fw2/rejected?limit=10')).body,
    );
    expect(page).toMatchObject({ total: 1, next: null, items: [{ preview: '{"cut', code: 'json-invalid' }] });
    const again = await call(http, 'kim', 'POST', '/api/sources/fw2/rejected/replay', {});
    expect(replayResult.parse(again.body)).toEqual({ replayed: 1, rejectedAgain: 0 });
    expect(spool.lastSequence(sourceId('fw2'))).toBe(1);
  });

  test.each([
    ['an id that is taken', wanted('fw3'), 409, 'source-taken'],
    ['an id that is none', wanted('Not An Id'), 400, 'invalid'],
    ['a tenancy out of sight', { ...wanted('fw4'), tenancy: 'zeta-odce' }, 404, 'not-found'],
    [
      'a network that is none',
      { ...wanted('fw5'), authentication: { kind: 'listener', listener: 'syslog-udp', from: 'x/y' } },
      400,
      'invalid',
    ],
    ['a body of another shape', { id: 'fw6' }, 400, 'invalid'],
  ])('%s is a problem', async (_name, body, status, code) => {
    await call(http, 'kim', 'POST', '/api/sources', wanted('fw3'));
    const answer = await call(http, 'kim', 'POST', '/api/sources', body);
    expect([answer.status, answer.body]).toEqual([status, expect.objectContaining({ code })]);
  });

  test('a secret of a source that has none is a problem', async () => {
    await call(http, 'kim', 'POST', '/api/sources', {
      ...wanted('udp1'),
      authentication: { kind: 'listener', listener: 'syslog-udp', from: '10.0.0.0/8' },
    });
    const answer = await call(http, 'kim', 'POST', '/api/sources/udp1/secret');
    expect([answer.status, answer.body]).toEqual([
      409,
      expect.objectContaining({ code: 'source-has-no-secret' }),
    ]);
  });
});

const everyRoute = [
  ['GET', '/api/sources/fw9', undefined],
  ['PATCH', '/api/sources/fw9', { state: 'paused' }],
  ['POST', '/api/sources/fw9/secret', undefined],
  ['GET', '/api/sources/fw9/rejected', undefined],
  ['POST', '/api/sources/fw9/rejected/replay', {}],
] as const;

describe('who may not', () => {
  test("another tenancy's person sees nothing and changes nothing", async () => {
    await call(http, 'kim', 'POST', '/api/sources', wanted('fw9'));
    for (const [method, path, body] of everyRoute) {
      expect((await call(http, 'zoe', method, path, body)).status).toBe(404);
    }
    expect(sourceList.parse((await call(http, 'zoe', 'GET', '/api/sources')).body).sources).toEqual([]);
    expect(sources.byId(sourceId('fw9'))?.state).toBe('active');
  });

  test('reading needs source.read, changing source.manage', async () => {
    for (const [method, path, body] of everyRoute) {
      expect((await call(http, 'sam', method, path, body)).status).toBe(403);
      if (method !== 'GET') expect((await call(http, 'rae', method, path, body)).status).toBe(403);
    }
    expect((await call(http, 'rae', 'POST', '/api/sources', wanted('fw10'))).status).toBe(403);
  });
});
