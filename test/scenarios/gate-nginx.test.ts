import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { changed, directory } from '#community';
import { type Gate, doorRoutes, openGate, proxiesOf } from '#community/gate';
import { openWorld } from '#identity/testing';
import { systemClock } from '#platform/clock';
import { systemAccess } from '#platform/scope';
import { memorySources } from '../../src/community/gate/testing.ts';

/*
 * A portal behind a real nginx that asks the gate for each request (auth_request), set up as docs/gate.md shows it. The gate
 * and its doors are the real ones; the registers are in memory, so that a withdrawal is one line here.
 */

const nginxProgram = '/usr/sbin/nginx';

describe.skipIf(!existsSync(nginxProgram))('a portal behind nginx', () => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  let gate: Gate;
  let memory: ReturnType<typeof memorySources>;
  let nginx: ChildProcess;
  let portal: Server;
  let portalUrl: string;
  const folder = mkdtempSync(join(tmpdir(), 'ironbark-nginx-'));
  let served = 0;

  const visit = async (user: string, more: Record<string, string> = {}) => {
    const headers = {
      'x-user': user,
      'x-signed-in': new Date().toISOString(),
      'x-test-client': '203.0.113.20',
      ...more,
    };
    const answer = await fetch(portalUrl, { headers });
    return { status: answer.status, text: await answer.text() };
  };

  beforeAll(async () => {
    world = await openWorld(directory);
    memory = memorySources(new Date());
    gate = await openGate({
      ...world.deps,
      clock: systemClock,
      sources: memory.sources,
      countryOf: async (_tx, address) => (address.startsWith('203.0.113.') ? 'AU' : null),
      failed: (error) => {
        throw error;
      },
    });
    await world.http.add(
      doorRoutes({ gate, origin: () => 'http://localhost', proxies: proxiesOf('127.0.0.1') }),
    );
    const admin = await world.founder();
    await world.call('POST', '/api/setup/provider', admin.headers, { id: 'wattle', name: 'Wattle' });
    const { authorization } = await world.token(admin.headers, ['gate.evaluate']);
    const door = await world.http.listen({ host: '127.0.0.1', port: 0 });
    portal = createServer((_request, response) => {
      served++;
      response.end('the portal\n');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => portal.once('listening', resolve));
    const port = await freePort();
    const upstream = (portal.address() as AddressInfo).port; // it listens on TCP
    writeFileSync(
      join(folder, 'nginx.conf'),
      configuration({ folder, port, upstream, gate: `http://127.0.0.1:${door.port}`, authorization }),
    );
    nginx = spawn(nginxProgram, ['-c', join(folder, 'nginx.conf'), '-p', folder], { stdio: 'ignore' });
    portalUrl = `http://127.0.0.1:${port}/`;
    await vi.waitUntil(() => gate.snapshot.heardUntil());
    await vi.waitUntil(
      () =>
        visit('nobody').then(
          () => true,
          () => false,
        ),
      { timeout: 20_000 },
    );
  }, 180_000);

  afterAll(async () => {
    nginx?.kill('SIGTERM');
    portal?.close();
    await gate?.close();
    await world?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const tell = (kind: 'agreement' | 'person', id: string) =>
    world.records.transaction(systemAccess('test'), (tx) => changed(tx, { kind, id }));

  test('serves whom the gate lets through, and tells the others why', async () => {
    expect(await visit('alice@acme.example')).toEqual({ status: 200, text: 'the portal\n' });
    const before = served;
    expect(await visit('zoe@beta.example')).toEqual({
      status: 403,
      text: 'This is outside your organisation.\n',
    });
    expect(await visit('alice@acme.example', { 'x-test-client': '198.51.100.9' })).toEqual({
      status: 403,
      text: 'Access is from Australian addresses only.\n',
    });
    expect((await visit('')).status).toBe(403);
    expect(served).toBe(before);
  });

  test('stops within a second of the withdrawal, and serves again after a new acceptance', async () => {
    memory.registers.agreements.entries.set('acme/odce', { state: 'withdrawn', version: '1', until: null });
    await tell('agreement', 'acme/odce');
    await vi.waitUntil(async () => (await visit('alice@acme.example')).status === 403, {
      timeout: 1000,
      interval: 10,
    });
    expect((await visit('alice@acme.example')).text).toBe(
      'The community policy is not in force for this organisation in this environment.\n',
    );
    memory.registers.agreements.entries.set('acme/odce', { state: 'accepted', version: '2', until: null });
    await tell('agreement', 'acme/odce');
    await vi.waitUntil(async () => (await visit('alice@acme.example')).status === 200, {
      timeout: 5000,
      interval: 10,
    });
    const alice = memory.registers.people.entries.get('alice');
    if (alice === undefined) throw new Error('alice is in the register');
    memory.registers.people.entries.set('alice', { ...alice, state: 'left' });
    await tell('person', 'alice');
    await vi.waitUntil(async () => (await visit('alice@acme.example')).status === 403, {
      timeout: 1000,
      interval: 10,
    });
  });

  test('serves nobody when the gate is gone', async () => {
    await world.http.close();
    const before = served;
    expect((await visit('bob@acme.example')).status).toBe(500);
    expect(served).toBe(before);
  });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo; // it listens on TCP
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Who signed in, and since when, is the portal's own proxy to say; here the test says it in headers. */
const configuration = (of: {
  folder: string;
  port: number;
  upstream: number;
  gate: string;
  authorization: string;
}): string => `
daemon off;
pid ${of.folder}/nginx.pid;
error_log ${of.folder}/error.log;
events {}
http {
  access_log off;
  client_body_temp_path ${of.folder}/body;
  proxy_temp_path ${of.folder}/proxy;
  fastcgi_temp_path ${of.folder}/fastcgi;
  uwsgi_temp_path ${of.folder}/uwsgi;
  scgi_temp_path ${of.folder}/scgi;
  server {
    listen 127.0.0.1:${of.port};
    location / {
      auth_request /gate;
      auth_request_set $gate_reason $upstream_http_x_gate_reason;
      error_page 403 = @denied;
      proxy_pass http://127.0.0.1:${of.upstream};
    }
    location = /gate {
      internal;
      proxy_pass ${of.gate}/access/v1/nginx;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header Cookie "";
      proxy_set_header Authorization "${of.authorization}";
      proxy_set_header X-Forwarded-For $http_x_test_client;
      proxy_set_header X-Gate-Subject $http_x_user;
      proxy_set_header X-Gate-Action portal.use;
      proxy_set_header X-Gate-Tenancy acme-odce;
      proxy_set_header X-Gate-Session-Began $http_x_signed_in;
      proxy_set_header X-Gate-Session-Active $http_x_signed_in;
    }
    location @denied {
      default_type text/plain;
      return 403 "$gate_reason\\n";
    }
  }
}
`;
