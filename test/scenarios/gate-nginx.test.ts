import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { changed, directory } from '#community';
import { type Gate, doorRoutes, openGate, proxiesOf } from '#community/gate';
import { openWorld } from '#identity/testing';
import { systemClock } from '#platform/clock';
import { systemAccess } from '#platform/scope';
import { memorySources } from '../../src/community/gate/testing.ts';
import { nginxProgram, type Portal, startPortal } from './nginx.ts';

/*
 * A portal behind a real nginx that asks the gate for each request (auth_request), set up as docs/gate.md shows it. The gate
 * and its doors are the real ones; the registers are in memory, so that a withdrawal is one line here.
 */

describe.skipIf(!existsSync(nginxProgram))('a portal behind nginx', () => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  let gate: Gate;
  let memory: ReturnType<typeof memorySources>;
  let portal: Portal;

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
    portal = await startPortal({
      gate: `http://127.0.0.1:${door.port}`,
      authorization,
      tenancy: 'acme-odce',
    });
    await vi.waitUntil(() => gate.snapshot.heardUntil());
  }, 180_000);

  afterAll(async () => {
    portal?.stop();
    await gate?.close();
    await world?.close();
  });

  const tell = (kind: 'agreement' | 'person', id: string) =>
    world.records.transaction(systemAccess('test'), (tx) => changed(tx, { kind, id }));

  test('serves whom the gate lets through, and tells the others why', async () => {
    expect(await portal.visit('alice@acme.example')).toEqual({ status: 200, text: 'the portal\n' });
    const before = portal.served();
    expect(await portal.visit('zoe@beta.example')).toEqual({
      status: 403,
      text: 'This is outside your organisation.\n',
    });
    expect(await portal.visit('alice@acme.example', '198.51.100.9')).toEqual({
      status: 403,
      text: 'Access is from Australian addresses only.\n',
    });
    expect((await portal.visit('')).status).toBe(403);
    expect(portal.served()).toBe(before);
  });

  test('stops within a second of the withdrawal, and serves again after a new acceptance', async () => {
    memory.registers.agreements.entries.set('acme/odce', { state: 'withdrawn', version: '1', until: null });
    await tell('agreement', 'acme/odce');
    await vi.waitUntil(async () => (await portal.visit('alice@acme.example')).status === 403, {
      timeout: 1000,
      interval: 10,
    });
    expect((await portal.visit('alice@acme.example')).text).toBe(
      'The community policy is not in force for this organisation in this environment.\n',
    );
    memory.registers.agreements.entries.set('acme/odce', { state: 'accepted', version: '2', until: null });
    await tell('agreement', 'acme/odce');
    await vi.waitUntil(async () => (await portal.visit('alice@acme.example')).status === 200, {
      timeout: 5000,
      interval: 10,
    });
    const alice = memory.registers.people.entries.get('alice');
    if (alice === undefined) throw new Error('alice is in the register');
    memory.registers.people.entries.set('alice', { ...alice, state: 'left' });
    await tell('person', 'alice');
    await vi.waitUntil(async () => (await portal.visit('alice@acme.example')).status === 403, {
      timeout: 1000,
      interval: 10,
    });
  });

  test('serves nobody when the gate is gone', async () => {
    await world.http.close();
    const before = portal.served();
    expect((await portal.visit('bob@acme.example')).status).toBe(500);
    expect(portal.served()).toBe(before);
  });
});
