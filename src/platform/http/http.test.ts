import { request as httpRequest } from 'node:http';
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Busy, Conflict } from '#platform/errors';
import { countedIds } from '#platform/ids';
import {
  type Admission,
  AddressTaken,
  createHttp,
  type Gatekeeper,
  type Http,
  type Routes,
} from './index.ts';

const opened: Http[] = [];
afterEach(async () => {
  for (const http of opened.splice(0)) await http.close();
});

/** Known: session "reader" (CSRF token "csrf"), session "half" (enrolling), token "sender". */
function gatekeeper(revoked: Set<string> = new Set()): Gatekeeper & { touched: string[] } {
  const touched: string[] = [];
  const known: Record<string, Admission> = {
    'session reader': {
      actor: { id: 'jo', permissions: new Set(['alert.read']) },
      standing: 'full',
      csrfToken: 'csrf',
    },
    'session half': {
      actor: { id: 'new', permissions: new Set() },
      standing: 'enrolling',
      csrfToken: 'csrf',
    },
    'token sender': {
      actor: { id: 'tok', permissions: new Set(['alert.work', 'health.read']) },
      standing: 'full',
      csrfToken: null,
    },
  };
  return {
    touched,
    admit: async ({ kind, secret }, { touch }) => {
      const key = `${kind} ${secret}`;
      if (touch) touched.push(key);
      return revoked.has(key) ? undefined : known[key];
    },
  };
}

const routes: Routes = async (http) => {
  http.get('/api/open', { config: { permission: 'public' } }, () => ({ open: true }));
  http.get('/api/me', { config: { permission: 'signed-in' } }, (request) => ({ id: request.actor.id }));
  http.get('/api/actor', { config: { permission: 'public' } }, (request) => ({ id: request.actor.id }));
  http.get('/api/alerts', { config: { permission: 'alert.read' } }, () => ({ alerts: [] }));
  http.get('/api/enrol', { config: { permission: 'enrolling' } }, () => ({ enrol: true }));
  http.post(
    '/api/alerts',
    {
      config: { permission: 'alert.read' },
      schema: {
        body: z.object({ title: z.string().min(3), count: z.number() }),
        response: { 200: z.object({ title: z.string() }) },
      },
    },
    (request) => ({ title: request.body.title, secret: 'not in the contract' }),
  );
  http.get('/api/conflict', { config: { permission: 'public' } }, () => {
    throw new Conflict('Taken.', { id: 'x' });
  });
  http.get('/api/busy', { config: { permission: 'public' } }, () => {
    throw new Busy('Full.', 7);
  });
  http.get('/api/bug', { config: { permission: 'public' } }, () => {
    throw new Error('the password is hunter2');
  });
};

async function open(
  options: { gatekeeper?: Gatekeeper; webRoot?: string; log?: string[] } = {},
): Promise<Http> {
  const lines = options.log ?? [];
  const http = await createHttp({
    gatekeeper: options.gatekeeper ?? gatekeeper(),
    ids: countedIds(),
    log: pino({ level: 'info' }, { write: (line: string) => lines.push(line) }),
    metrics: new Registry(),
    version: '0.0.0',
    readiness: async () => ({ parts: { records: true } }),
    ...(options.webRoot === undefined ? {} : { webRoot: options.webRoot }),
  });
  opened.push(http);
  await http.add(routes);
  return http;
}

const reader = { cookie: '__Host-ironbark=reader' };
const change = { ...reader, 'x-csrf-token': 'csrf' };

describe('who may call', () => {
  test('a route that declares no permission is refused when it is registered', async () => {
    const http = await open();
    await expect(http.add(async (server) => void server.get('/api/leak', () => 'all'))).rejects.toThrow(
      /declares no permission/,
    );
  });

  test.each([
    ['/api/open', {}, 200],
    ['/api/me', {}, 401],
    ['/api/alerts', {}, 401],
    ['/api/alerts', reader, 200],
    ['/api/alerts', { authorization: 'Bearer sender' }, 403],
    ['/api/alerts', { authorization: 'Bearer nobody' }, 401],
    ['/api/alerts', { ...reader, authorization: 'Bearer nobody' }, 401],
    ['/api/alerts', { authorization: 'Basic cmVhZGVyOg==' }, 401],
    ['/api/me', { cookie: '__Host-ironbark=half' }, 401],
    ['/api/enrol', { cookie: '__Host-ironbark=half' }, 200],
    ['/api/enrol', {}, 401],
    ['/api/actor', {}, 401],
  ])('%s with %j answers %i', async (url, headers, status) => {
    const http = await open();
    const answer = await http.server.inject({ url, headers });
    expect(answer.statusCode).toBe(status);
  });

  test('a page that refreshes itself does not keep a session alive', async () => {
    const gate = gatekeeper();
    const http = await open({ gatekeeper: gate });
    await http.server.inject({ url: '/api/me', headers: { ...reader, 'x-background': '1' } });
    expect(gate.touched).toEqual([]);
    await http.server.inject({ url: '/api/me', headers: reader });
    expect(gate.touched).toEqual(['session reader']);
  });
});

describe('changes', () => {
  const payload = { title: 'Beacon', count: 1 };
  test.each([
    ['with the CSRF token', change, 200],
    [
      'from our own origin',
      { ...change, origin: 'https://siem.example', host: 'siem.example', 'sec-fetch-site': 'same-origin' },
      200,
    ],
    ['without a CSRF token', reader, 403],
    ['with another CSRF token', { ...reader, 'x-csrf-token': 'CSRF' }, 403],
    ['from another site', { ...change, 'sec-fetch-site': 'cross-site' }, 403],
    ['from a sister site', { ...change, 'sec-fetch-site': 'same-site' }, 403],
    ['from another origin', { ...change, origin: 'https://evil.example', host: 'siem.example' }, 403],
    ['from a page without an origin', { ...change, origin: 'null', host: 'siem.example' }, 403],
  ])('%s', async (_name, headers, status) => {
    const http = await open();
    const answer = await http.server.inject({ method: 'POST', url: '/api/alerts', headers, payload });
    expect(answer.statusCode).toBe(status);
    if (status === 403) expect(answer.json()).toMatchObject({ code: 'cross-site' });
  });
});

describe('problems', () => {
  test('a body that does not fit says which field and why', async () => {
    const http = await open();
    const answer = await http.server.inject({
      method: 'POST',
      url: '/api/alerts',
      headers: change,
      payload: { title: 'ab', count: 'one' },
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({ code: 'invalid', title: 'Invalid', status: 400 });
    expect(answer.json().faults.map((fault: { where: string }) => fault.where)).toEqual([
      'body/title',
      'body/count',
    ]);
    expect(answer.json().instance).toBe(answer.headers['x-request-id']);
  });

  test.each([
    ['not JSON', '{"title":', 'application/json', 400, 'invalid'],
    ['an empty body', '', 'application/json', 400, 'invalid'],
    ['a body of another type', '<a/>', 'application/xml', 415, 'unsupported-media-type'],
    ['a body past the cap', `{"title":"${'x'.repeat(1024 * 1024)}"}`, 'application/json', 413, 'too-large'],
    [
      'a polluted prototype',
      '{"__proto__":{"admin":true},"title":"abc","count":1}',
      'application/json',
      400,
      'invalid',
    ],
  ])('%s', async (_name, payload, type, status, code) => {
    const http = await open();
    const answer = await http.server.inject({
      method: 'POST',
      url: '/api/alerts',
      headers: { ...change, 'content-type': type },
      payload,
    });
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });

  test('facts are members, and Busy says when to come back', async () => {
    const http = await open();
    expect((await http.server.inject('/api/conflict')).json()).toMatchObject({ code: 'conflict', id: 'x' });
    const busy = await http.server.inject('/api/busy');
    expect([busy.statusCode, busy.headers['retry-after']]).toEqual([503, '7']);
  });

  test('an unforeseen error says nothing but its request id; the log says the rest', async () => {
    const log: string[] = [];
    const http = await open({ log });
    const answer = await http.server.inject('/api/bug');
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('hunter2');
    expect(log.join('')).toContain('hunter2');
    expect(log.join('')).toContain(answer.json().instance);
  });

  test('what a contract does not name is not sent', async () => {
    const http = await open();
    const answer = await http.server.inject({
      method: 'POST',
      url: '/api/alerts',
      headers: change,
      payload: { title: 'Beacon', count: 1 },
    });
    expect(answer.json()).toEqual({ title: 'Beacon' });
  });
});

test('every answer carries the security headers, refusals too', async () => {
  const http = await open();
  for (const url of ['/api/open', '/api/me', '/nowhere', '/api/bug']) {
    const { headers } = await http.server.inject(url);
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['strict-transport-security']).toBeUndefined();
  }
});

test('OpenAPI 3.1 lists the routes with their bodies', async () => {
  const http = await open();
  const api = (await http.server.inject('/api/openapi.json')).json();
  expect(api.openapi).toBe('3.1.0');
  expect(api.paths['/api/alerts'].post.requestBody.content['application/json'].schema.required).toEqual([
    'title',
    'count',
  ]);
});

test('health is open, metrics need a token with health.read', async () => {
  const http = await open();
  expect((await http.server.inject('/healthz')).statusCode).toBe(200);
  expect((await http.server.inject('/readyz')).json()).toEqual({ status: 'ready', parts: { records: true } });
  expect((await http.server.inject('/metrics')).statusCode).toBe(401);
  expect((await http.server.inject({ url: '/metrics', headers: reader })).statusCode).toBe(403);
  const answer = await http.server.inject({ url: '/metrics', headers: { authorization: 'Bearer sender' } });
  expect(answer.body).toContain('http_request_seconds_count{method="GET",route="/healthz",status="2xx"} 1');
});

describe('the page', () => {
  const webRoot = mkdtempSync(join(tmpdir(), 'ironbark-web-'));
  mkdirSync(join(webRoot, 'assets'));
  writeFileSync(join(webRoot, 'index.html'), '<meta content="%STYLE_NONCE%"><div id="root"></div>');
  writeFileSync(join(webRoot, 'assets/index-a1.js'), 'export {}');

  test('is served at every address of the application', async () => {
    const http = await open({ webRoot });
    for (const url of ['/', '/alerts/1', '/first-sign-in?token=x', '/index.html']) {
      const answer = await http.server.inject(url);
      expect([url, answer.statusCode, answer.headers['content-type']]).toEqual([
        url,
        200,
        'text/html; charset=utf-8',
      ]);
    }
  });

  test('has a fresh style nonce each time, and the same one in its policy', async () => {
    const http = await open({ webRoot });
    const [one, two] = [await http.server.inject('/'), await http.server.inject('/')];
    const nonce = /content="([^"]+)"/.exec(one.body)?.[1];
    expect(one.headers['content-security-policy']).toContain(`'nonce-${nonce}'`);
    expect(two.body).not.toContain(nonce);
  });

  test('files are served by name and kept by browsers; nothing outside them is', async () => {
    const http = await open({ webRoot });
    const script = await http.server.inject('/assets/index-a1.js');
    expect([script.statusCode, script.headers['cache-control']]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
    for (const url of [
      '/assets/other.js',
      '/../../etc/passwd.txt',
      '/%2e%2e/%2e%2e/etc/hosts.txt',
      '/api',
      '/api/nothing',
    ]) {
      expect([url, (await http.server.inject(url)).statusCode]).toEqual([url, 404]);
    }
  });
});

describe('listening', () => {
  test('a taken port is named, with what to do', async () => {
    const first = await open();
    const { port } = await first.listen({ host: '127.0.0.1', port: 0 });
    const second = await open();
    const failure = await second.listen({ host: '127.0.0.1', port }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AddressTaken);
    expect(String(failure)).toContain(`port ${port}`);
    expect(String(failure)).toContain('IRONBARK_LISTEN');
  });

  test('a stop ends the live streams and lets a request under way finish', async () => {
    const http = await open();
    let finish = (): void => {};
    await http.add(async (server) => {
      server.get('/api/live', { config: { permission: 'signed-in' } }, (request, reply) => {
        http.streams.open(request, reply).send('alert', { text: 'one\ntwo' }, '7');
        return reply;
      });
      server.get('/api/slow', { config: { permission: 'public' } }, async () => {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return { done: true };
      });
    });
    const { port } = await http.listen({ host: '127.0.0.1', port: 0 });
    const live = read(port, '/api/live', reader);
    const slow = read(port, '/api/slow', {});
    await expect.poll(() => http.streams.size).toBe(1);
    await expect.poll(() => finish.name).not.toBe('finish');
    const closing = http.close();
    expect((await live).body).toContain('id: 7\nevent: alert\ndata: {"text":"one\\ntwo"}\n\n');
    finish();
    expect((await slow).body).toBe('{"done":true}');
    await closing;
    expect(http.streams.size).toBe(0);
  });
});

function read(
  port: number,
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    httpRequest({ port, host: '127.0.0.1', path, headers, agent: false }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        body += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
      answer.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}
