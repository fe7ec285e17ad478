import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { manualClock } from '#platform/clock';
import type { Http } from '#platform/http';
import { systemIds } from '#platform/ids';
import { createLedger } from '#ledger';
import type { Records } from '#platform/records';
import { createTestRecords } from '#platform/records/testing';
import { systemAccess } from '#platform/scope';
import { call, caller, httpFor } from '#soc/testing';
import { alertDetail, alertPage } from './contract.ts';
import { routes } from './routes.ts';
import { detectionOf } from './testing.ts';
import { createTriage, type Triage } from './triage.ts';

const clock = manualClock('2026-03-02T10:00:00Z');
let records: Records;
let triage: Triage;
let http: Http;

beforeAll(async () => {
  records = await createTestRecords();
  triage = await createTriage({
    records,
    clock,
    ids: systemIds(clock),
    ledger: createLedger({ clock, records }),
    assignee: async () => undefined,
    owner: (tenancy) => tenancy.split('-')[0],
    isDemo: () => true,
    failed: (error) => {
      throw error;
    },
  });
  const callers = [
    caller('kim', 'acme', ['acme-odce']),
    caller('zoe', 'zeta', ['zeta-odce']),
    caller('pat', 'sovereign', ['acme-odce', 'zeta-odce']),
    caller('rae', 'acme', ['acme-odce'], ['alert.read']),
    caller('sam', 'acme', ['acme-odce'], ['event.read']),
  ];
  http = await httpFor(callers, ({ streams }) =>
    routes({ triage, streams, assignees: async () => [{ id: 'kim', name: 'Kim' }] }),
  );
});
afterAll(async () => {
  await triage.close();
  await http.close();
  await records.close();
});
beforeEach(() => clock.advance(86_400));

const record = (...hosts: string[]) =>
  records.transaction(systemAccess('test'), (tx) =>
    triage.record(
      tx,
      hosts.map((host) => detectionOf(host, { eventAt: clock.now() })),
    ),
  );
const from = () => `from=${encodeURIComponent(clock.now().toISOString())}`;
async function one(): Promise<{ id: string; revision: number }> {
  const [alert] = alertPage.parse((await call(http, 'kim', 'GET', `/api/alerts?${from()}`)).body).alerts;
  if (alert === undefined) throw new Error('no alert');
  return { id: alert.id, revision: alert.revision };
}

describe('the queue over HTTP', () => {
  test('a list may be named once or repeated', async () => {
    await record('lab-7');
    for (const query of [
      'state=new',
      'state=new&state=closed',
      'severity=high',
      'assignee=none',
      'tenancy=acme-odce',
      'limit=1',
    ]) {
      const answer = await call(http, 'kim', 'GET', `/api/alerts?${from()}&${query}`);
      expect({ query, status: answer.status, total: alertPage.parse(answer.body).total }).toEqual({
        query,
        status: 200,
        total: 1,
      });
    }
    expect((await call(http, 'kim', 'GET', '/api/alerts?state=open')).status).toBe(400);
  });

  test('the alert opens, is decided on, and the decision is undone', async () => {
    await record('lab-7');
    const alert = await one();
    const done = await call(http, 'kim', 'POST', '/api/alerts/actions', {
      select: { alerts: [alert] },
      do: { action: 'close', outcome: 'benign', reason: 'planned test' },
    });
    expect(done).toMatchObject({ status: 200, body: { changed: 1, skipped: [], undo: expect.any(String) } });
    const closed = alertDetail.parse((await call(http, 'kim', 'GET', `/api/alerts/${alert.id}`)).body);
    expect(closed).toMatchObject({ state: 'closed', outcome: 'benign', demo: true });
    const undo = { undo: (done.body as { undo: string }).undo }; // as matched above
    expect(await call(http, 'kim', 'POST', '/api/alerts/undo', undo)).toMatchObject({
      status: 200,
      body: { changed: 1 },
    });
    expect(await call(http, 'kim', 'POST', '/api/alerts/undo', undo)).toMatchObject({
      status: 409,
      body: { type: expect.stringContaining('nothing-to-undo') },
    });
  });

  test('a decision needs a reason, and a filter that matches more than was seen changes nothing', async () => {
    await record('lab-7', 'lab-8');
    const close = { action: 'close', outcome: 'benign' };
    expect(
      (
        await call(http, 'kim', 'POST', '/api/alerts/actions', {
          select: { alerts: [await one()] },
          do: close,
        })
      ).status,
    ).toBe(400);
    const answer = await call(http, 'kim', 'POST', '/api/alerts/actions', {
      select: { filter: { from: clock.now().toISOString() }, atMost: 1 },
      do: { ...close, reason: 'same script' },
    });
    expect(answer).toMatchObject({
      status: 409,
      body: { type: expect.stringContaining('more-than-seen'), match: 2, atMost: 1 },
    });
  });

  test('who may only read does not decide, and who may not read sees nothing', async () => {
    await record('lab-7');
    const action = { select: { alerts: [await one()] }, do: { action: 'acknowledge' } };
    expect((await call(http, 'rae', 'POST', '/api/alerts/actions', action)).status).toBe(403);
    expect((await call(http, 'sam', 'GET', '/api/alerts')).status).toBe(403);
    expect((await call(http, 'nobody', 'GET', '/api/alerts')).status).toBe(401);
  });

  test('the histogram covers its range', async () => {
    await record('lab-7');
    const to = new Date(clock.now().getTime() + 7_200_000).toISOString();
    expect(
      (await call(http, 'kim', 'GET', `/api/alerts/histogram?${from()}&to=${to}&buckets=2`)).body,
    ).toMatchObject({ stepSeconds: 3600, bySeverity: { high: [1, 0] } });
    expect(
      (await call(http, 'kim', 'GET', `/api/alerts/histogram?${from()}&to=${from().slice(5)}`)).status,
    ).toBe(400);
    expect((await call(http, 'kim', 'GET', '/api/alerts/assignees')).body).toEqual({
      users: [{ id: 'kim', name: 'Kim' }],
    });
  });

  test('the stream sends what is new to whose scope covers it', async () => {
    const { port } = await http.listen({ host: '127.0.0.1', port: 0 });
    const stop = new AbortController();
    const listen = async (id: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}/api/alerts/stream`, {
        headers: { authorization: `Bearer ${id}` },
        signal: stop.signal,
      });
      expect(answer.headers.get('content-type')).toContain('text/event-stream');
      const heard: string[] = [];
      void (async () => {
        for await (const piece of answer.body ?? []) heard.push(Buffer.from(piece).toString());
      })().catch(() => undefined);
      return heard;
    };
    const [kim, zoe] = [await listen('kim'), await listen('zoe')];
    await record('stream-host');
    await expect.poll(() => kim.join('')).toContain('stream-host');
    expect(kim.join('')).toMatch(/id: \d+\nevent: alert\ndata: {"kind":"new"/);
    expect(zoe.join('')).not.toContain('stream-host');
    stop.abort();
  });
});

describe('another tenancy', () => {
  test('sees nothing and changes nothing by any route', async () => {
    await record('lab-7');
    const alert = await one();
    const select = { alerts: [alert] };
    expect((await call(http, 'zoe', 'GET', `/api/alerts?${from()}`)).body).toMatchObject({
      alerts: [],
      total: 0,
    });
    expect((await call(http, 'zoe', 'GET', `/api/alerts?tenancy=acme-odce`)).body).toMatchObject({
      alerts: [],
      total: 0,
    });
    expect((await call(http, 'zoe', 'GET', `/api/alerts/${alert.id}`)).status).toBe(404);
    expect(
      (await call(http, 'zoe', 'POST', '/api/alerts/actions', { select, do: { action: 'acknowledge' } }))
        .body,
    ).toMatchObject({ changed: 0 });
    expect(
      (await call(http, 'zoe', 'GET', `/api/alerts/histogram?${from()}&to=2027-01-01T00:00:00Z`)).body,
    ).toMatchObject({ bySeverity: { high: expect.not.arrayContaining([1]) } });
    expect((await call(http, 'kim', 'GET', `/api/alerts/${alert.id}`)).body).toMatchObject({
      state: 'new',
      history: [{ action: 'created' }],
    });
  });

  test('is told who of the provider looked, and the ledger has it', async () => {
    await record('lab-7');
    const { id } = await one();
    expect((await call(http, 'pat', 'GET', `/api/alerts/${id}`)).status).toBe(200);
    expect((await call(http, 'kim', 'GET', '/api/alerts/reads')).body).toMatchObject({
      reads: [{ tenancy: 'acme-odce', actor: { id: 'pat' }, organisation: 'sovereign', what: 'alert' }],
    });
    expect((await call(http, 'zoe', 'GET', '/api/alerts/reads')).body).toEqual({ reads: [] });
  });
});
