import { checkConsistency, checkInclusion, hashLeaf, parseCheckpoint } from '@ironbark/tlog';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, actorOf, type Permission } from '#identity';
import { manualClock } from '#platform/clock';
import { createHttp, type Http } from '#platform/http';
import { countedIds } from '#platform/ids';
import type { Records } from '#platform/records';
import { createTestRecords } from '#platform/records/testing';
import { scopeOf, systemAccess, tenancyId } from '#platform/scope';
import { createLedger } from './ledger.ts';
import { verifyReceipt } from './receipt.ts';
import { ledgerRoutes } from './routes.ts';
import { createTestLog, type TestLog } from './testing.ts';

const clock = manualClock('2026-05-01T00:00:00Z');
let records: Records;
let http: Http;
let log: TestLog;
const ids: Record<'acme' | 'beta' | 'community' | 'late', string> = {
  acme: '',
  beta: '',
  community: '',
  late: '',
};

const actor = (
  id: string,
  ofProvider: boolean,
  permissions: readonly Permission[],
  tenancies: readonly string[],
): Actor =>
  actorOf({
    kind: 'user',
    id,
    userId: id,
    name: id,
    organisation: ofProvider ? 'wattle' : id,
    ofProvider,
    roles: [],
    permissions: new Set(permissions),
    scopeOrNone: scopeOf(tenancies.map(tenancyId)),
  });
const actors: Record<string, Actor> = {
  staff: actor('staff', true, ['ledger.read', 'user.manage'], ['wattle-odce']),
  acme: actor('acme', false, ['ledger.read', 'user.manage'], ['acme-odce']),
  nobody: actor('nobody', false, [], ['acme-odce']),
};

async function ask(who: string | undefined, url: string, body?: object) {
  const answer = await http.server.inject({
    method: body === undefined ? 'GET' : 'POST',
    url,
    ...(who !== undefined && { headers: { authorization: `Bearer ${who}` } }),
    ...(body && { payload: body }),
  });
  const type = String(answer.headers['content-type']);
  // Every JSON answer here is an object.
  const json = (type.includes('json') ? JSON.parse(answer.body) : {}) as Record<string, unknown>;
  return { status: answer.statusCode, json, bytes: answer.rawPayload, text: answer.body };
}

beforeAll(async () => {
  records = await createTestRecords();
  const ledger = createLedger({ clock, records });
  log = createTestLog({ records, clock });
  http = await createHttp({
    gatekeeper: {
      admit: async ({ secret }) => {
        const found = actors[secret];
        return found && { actor: found, standing: 'full', csrfToken: null };
      },
    },
    ids: countedIds(),
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    version: '0',
    readiness: async () => ({ parts: {} }),
  });
  await http.add(ledgerRoutes({ records, clock, ledger }));
  expect((await ask(undefined, '/ledger/checkpoint')).status).toBe(404);
  const write = async (name: keyof typeof ids, tenancy?: string) => {
    const entry = {
      actor: { kind: 'user', id: 'u1', name: `somebody of ${name}` } as const,
      action: 'thing.changed',
      subject: `thing/${name}`,
      tenancy,
      facts: {},
    };
    ids[name] = (await records.transaction(systemAccess('test'), (tx) => ledger.record(tx, entry))).id;
  };
  await write('acme', 'acme-odce');
  await write('beta', 'beta-odce');
  await write('community');
  await log.sequence();
  await write('late', 'acme-odce');
}, 120_000);
afterAll(async () => {
  await http.close();
  await records.close();
});

describe('entries', () => {
  const subjects = async (who: string, query = '') => {
    const { json } = await ask(who, `/api/ledger${query}`);
    return (json['entries'] as { subject: string }[]).map(({ subject }) => subject);
  };

  test('are the whole community’s to the provider, and to others those of their tenancies', async () => {
    expect(await subjects('staff')).toEqual(['thing/late', 'thing/community', 'thing/beta', 'thing/acme']);
    expect(await subjects('acme')).toEqual(['thing/late', 'thing/acme']);
    expect(await subjects('acme', '?subject=thing/beta')).toEqual([]);
  });

  test('come a page at a time, newest first', async () => {
    const first = await ask('staff', '/api/ledger?limit=3');
    expect(first.json).toMatchObject({ next: expect.any(Number) });
    expect(await subjects('staff', `?limit=3&before=${String(first.json['next'])}`)).toEqual(['thing/acme']);
  });

  test('have a place once the sequencer gave one, and null before', async () => {
    const { json } = await ask('acme', '/api/ledger');
    expect(json['entries']).toMatchObject([{ index: null }, { index: 0 }]);
  });

  test.each(['?limit=0', '?limit=501', '?before=x'])('are not asked for with %s', async (query) => {
    expect((await ask('staff', `/api/ledger${query}`)).status).toBe(400);
  });
});

describe('a receipt', () => {
  test('is for whom the entry concerns, and verifies without this system', async () => {
    const { status, json } = await ask('acme', `/api/ledger/entries/${ids.acme}/receipt`);
    expect(status).toBe(200);
    expect(verifyReceipt(json as never, log.policy)).toMatchObject({
      // its shape is the contract's
      index: 0,
      size: 3,
      payload: { subject: 'thing/acme', tenancy: 'acme-odce' },
    });
  });

  test('of another customer’s entry, of one without a place, and of none is not there', async () => {
    for (const id of [ids.beta, ids.community, ids.late, 'x', '00000000-0000-7000-8000-000000000000'])
      expect([id, (await ask('acme', `/api/ledger/entries/${id}/receipt`)).status]).toEqual([id, 404]);
  });
});

describe('proofs and tiles', () => {
  test('an inclusion proof leads from an entry’s hash to the root of the public checkpoint', async () => {
    const checkpoint = await ask(undefined, '/ledger/checkpoint');
    const { size, root } = parseCheckpoint(checkpoint.text);
    const { json } = await ask('acme', '/api/ledger/proof/inclusion?index=1');
    const tile = await ask(undefined, '/ledger/tile/0/000.p/3');
    expect(tile.bytes).toHaveLength(3 * 32);
    const proof = (json['hashes'] as string[]).map((hash) => Buffer.from(hash, 'base64'));
    checkInclusion({ index: 1, size, root, proof, leaf: tile.bytes.subarray(32, 64) });
    const grown = await ask('acme', '/api/ledger/proof/consistency?from=1');
    checkConsistency({
      from: 1,
      to: size,
      fromRoot: tile.bytes.subarray(0, 32),
      toRoot: root,
      proof: (grown.json['hashes'] as string[]).map((hash) => Buffer.from(hash, 'base64')),
    });
  });

  test.each([
    '/api/ledger/proof/inclusion?index=3',
    '/api/ledger/proof/inclusion?index=0&size=4',
    '/api/ledger/proof/consistency?from=0',
    '/api/ledger/proof/consistency?from=4',
  ])('%s is refused: the log is not so long', async (url) => {
    expect((await ask('staff', url)).status).toBe(400);
  });

  test('a tile of another width, beyond the end, or by a path that is none is not there', async () => {
    for (const rest of [
      '0/000.p/4',
      '0/000',
      '0/001.p/1',
      '1/000.p/1',
      '0/0',
      '0/000.p/0',
      '-1/000',
      '64/000',
    ])
      expect([rest, (await ask(undefined, `/ledger/tile/${rest}`)).status]).toEqual([rest, 404]);
  });

  test('bundles of entries are the provider’s, and hash to the tile that is public', async () => {
    expect((await ask(undefined, '/ledger/tile/entries/000.p/3')).status).toBe(401);
    expect((await ask('acme', '/ledger/tile/entries/000.p/3')).status).toBe(403);
    const { bytes } = await ask('staff', '/ledger/tile/entries/000.p/3');
    const first = bytes.subarray(2, 2 + bytes.readUInt16BE(0));
    const tile = await ask(undefined, '/ledger/tile/0/000.p/3');
    expect(Buffer.from(hashLeaf(first))).toEqual(tile.bytes.subarray(0, 32));
    expect(first.toString()).not.toMatch(/acme|somebody/);
  });
});

test('the log says how much waits, and verification is the provider’s alone', async () => {
  expect((await ask('acme', '/api/ledger/log')).json).toMatchObject({
    size: 3,
    waiting: 1,
    origin: 'ledger.test',
  });
  expect((await ask('staff', '/api/ledger/verification')).json).toMatchObject({ intact: true, entries: 3 });
  expect((await ask('acme', '/api/ledger/verification')).status).toBe(403);
  for (const url of ['/api/ledger', '/api/ledger/log', '/api/ledger/proof/inclusion?index=0']) {
    expect((await ask('nobody', url)).status).toBe(403);
    expect((await ask(undefined, url)).status).toBe(401);
  }
});

test('erasing takes the readable part away and leaves the proof; a customer can not erase', async () => {
  const path = `/api/ledger/entries/${ids.beta}/erase`;
  expect((await ask('acme', path, { reason: 'not mine' })).status).toBe(403);
  expect((await ask('staff', path, {})).status).toBe(400);
  expect((await ask('staff', path, { reason: 'asked for by the person' })).status).toBe(200);
  expect((await ask('staff', path, { reason: 'again' })).status).toBe(404);
  const { json } = await ask('staff', `/api/ledger/entries/${ids.beta}/receipt`);
  expect(json).toMatchObject({ salt: null, payload: null });
  expect(verifyReceipt(json as never, log.policy)).toMatchObject({ index: 1, payload: undefined });
  await log.sequence();
  expect((await ask('staff', '/api/ledger/verification')).json).toMatchObject({ intact: true, entries: 5 });
});
