import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { manualClock } from '#platform/clock';
import { NotFound } from '#platform/errors';
import { systemIds } from '#platform/ids';
import type { Records } from '#platform/records';
import { createTestRecords } from '#platform/records/testing';
import { scopeOf, type SourceId, sourceId, systemAccess, tenancyId } from '#platform/scope';
import { openSpool, type Spool } from '#platform/spool';
import {
  createSources,
  type Operator,
  type Rejection,
  type Silence,
  SourceHasNoSecret,
  type Sources,
  SourceTaken,
} from './index.ts';

let records: Records;
let folder: string;
beforeAll(async () => {
  records = await createTestRecords();
  folder = await mkdtemp(join(tmpdir(), 'ironbark-sources-'));
});
afterAll(async () => {
  await records.close();
  await rm(folder, { recursive: true, force: true });
});

const clock = manualClock('2026-11-23T10:00:00Z');
const actor = (name: string, ...tenancies: string[]): Operator => {
  const scope = scopeOf(tenancies.map(tenancyId));
  if (scope === undefined) throw new Error('no tenancy');
  return { id: name, kind: 'user', name, scope };
};
const acme = actor('jo', 'acme-odce');
const other = actor('eve', 'globex-odce');

let sources: Sources;
let spool: Spool;
let entries: { action: string; subject: string; tenancy: string | undefined }[];
/** What the ledger was told besides, entry by entry. */
let entryFacts: object[];
let silences: { what: 'raise' | 'clear'; silence: Silence }[];
let worlds = 0;
let unique = 0;
beforeEach(async () => {
  spool = await openSpool({ folder: join(folder, String(++worlds)), capBytes: 1e8 });
  entries = [];
  entryFacts = [];
  silences = [];
  sources = await createSources({
    records,
    spool,
    clock,
    ids: systemIds(clock),
    ledger: {
      record: async (_tx, { action, subject, tenancy, facts }) => {
        entries.push({ action, subject, tenancy });
        entryFacts.push(facts);
      },
    },
    log: { info: () => {}, warn: () => {}, error: (facts, message) => faults.push({ facts, message }) },
    silence: {
      raise: async (_tx, silence) => void silences.push({ what: 'raise', silence }),
      clear: async (_tx, silence) => void silences.push({ what: 'clear', silence }),
    },
    recheck: (_wire, bytes) =>
      bytes.includes('bad') ? { code: 'still-bad', reason: 'Still bad.' } : undefined,
  });
  faults = [];
  return async () => {
    await sources.close();
    await spool.close();
  };
});
let faults: { facts: object; message: string }[] = [];

const newId = (): string => `src-${++unique}`;
const token = (id: string) =>
  ({ id, name: `Source ${id}`, tenancy: 'acme-odce', authentication: { kind: 'token' } }) as const;
const send = (id: string, ...items: string[]) =>
  spool.append({
    source: sourceId(id),
    wire: 'json',
    receivedAt: clock.now(),
    peer: '',
    items: items.map((item) => Buffer.from(item)),
    clientIds: items.map(() => ''),
  });
const count = (
  id: string,
  delta: { processed: number; stored: number; rejected?: number; unmapped?: number },
  rejections: Rejection[] = [],
) =>
  records.transaction(systemAccess('checkpoint'), (tx) =>
    sources.count(
      tx,
      [{ source: sourceId(id), rejected: 0, unmapped: 0, lastEventAt: clock.now(), ...delta }],
      rejections,
    ),
  );
const rejection = (id: SourceId, text: string, more: Partial<Rejection> = {}): Rejection => ({
  source: id,
  receivedAt: clock.now(),
  code: 'json-invalid',
  reason: 'This is no JSON.',
  wire: 'json',
  peer: '192.0.2.1',
  clientId: '',
  bytes: Buffer.from(text),
  sizeBytes: Buffer.byteLength(text),
  ...more,
});

describe('who a sender is', () => {
  test('a token is shown once, kept as a hash, found, and ends when it is renewed', async () => {
    const id = newId();
    const { secret, source } = await sources.create(acme, token(id));
    expect(secret).toMatch(/^ibs_[\w-]{43}$/);
    expect(source).toMatchObject({ id, state: 'active', format: null, silentAfterSeconds: null });
    expect(sources.authenticate({ kind: 'token', token: secret ?? '' })).toMatchObject({
      id,
      tenancy: 'acme-odce',
    });
    const renewed = await sources.renewSecret(acme, id);
    expect(sources.authenticate({ kind: 'token', token: secret ?? '' })).toBeUndefined();
    expect(sources.authenticate({ kind: 'token', token: renewed.secret ?? '' })?.id).toBe(id);
    expect(JSON.stringify(await sources.list(acme))).not.toContain(renewed.secret ?? '?');
  });

  test('a token with an end is nobody\u2019s from that second on, and is renewed for a year or as told', async () => {
    const id = newId();
    const { secret, source } = await sources.create(acme, { ...token(id), secretDays: 30 });
    const ends = clock.now().getTime() + 30 * 86_400_000;
    expect(source.secretExpiresAt).toBe(new Date(ends).toISOString());
    clock.advance(30 * 86_400 - 1);
    expect(sources.authenticate({ kind: 'token', token: secret ?? '' })?.id).toBe(id);
    clock.advance(1);
    expect(sources.authenticate({ kind: 'token', token: secret ?? '' })).toBeUndefined();
    const renewed = await sources.renewSecret(acme, id);
    expect(renewed.source.secretExpiresAt).toBe(new Date(ends + 365 * 86_400_000).toISOString());
    expect(sources.authenticate({ kind: 'token', token: renewed.secret ?? '' })?.id).toBe(id);
    expect((await sources.renewSecret(acme, id, null)).source.secretExpiresAt).toBeNull();
    expect((await sources.renewSecret(acme, id)).source.secretExpiresAt).toBeNull();
  });

  test('a password is checked together with its user name', async () => {
    const id = newId();
    const { secret } = await sources.create(acme, {
      ...token(id),
      authentication: { kind: 'basic', username: id },
    });
    expect(sources.authenticate({ kind: 'basic', username: id, password: secret ?? '' })?.id).toBe(id);
    expect(sources.authenticate({ kind: 'basic', username: id, password: 'guess' })).toBeUndefined();
    expect(sources.authenticate({ kind: 'token', token: secret ?? '' })).toBeUndefined();
  });

  test('of several sources on one listener the narrowest network wins', async () => {
    const wide = newId();
    const narrow = newId();
    const listener = `udp-${wide}`;
    const at = (from: string) => ({ authentication: { kind: 'listener', listener, from } }) as const;
    await sources.create(acme, { ...token(wide), ...at('10.0.0.0/8') });
    await sources.create(acme, { ...token(narrow), ...at('10.1.0.0/16') });
    const from = (peer: string) => sources.authenticate({ kind: 'listener', listener, peer })?.id;
    expect(from('10.1.2.3')).toBe(narrow);
    expect(from('::ffff:10.2.2.3')).toBe(wide);
    expect(from('192.0.2.1')).toBeUndefined();
    await expect(sources.create(acme, { ...token(newId()), ...at('not/a/network') })).rejects.toThrow(
      'is no network',
    );
  });

  test('a certificate or user name that another source has is refused, also across tenancies', async () => {
    const sha256Fingerprint = 'ab'.repeat(32);
    const first = newId();
    await sources.create(acme, {
      ...token(first),
      authentication: { kind: 'client-certificate', sha256Fingerprint },
    });
    expect(sources.authenticate({ kind: 'client-certificate', sha256Fingerprint })?.id).toBe(first);
    const second = {
      ...token(newId()),
      tenancy: 'globex-odce',
      authentication: { kind: 'client-certificate', sha256Fingerprint },
    } as const;
    await expect(sources.create(other, second)).rejects.toThrow(SourceTaken);
    await expect(sources.create(acme, token(first))).rejects.toThrow(SourceTaken);
    await expect(sources.renewSecret(acme, first)).rejects.toThrow(SourceHasNoSecret);
  });
});

describe('another tenancy', () => {
  test('sees, changes and replays nothing, and puts no source where it may not look', async () => {
    const id = newId();
    await sources.create(acme, token(id));
    expect((await sources.list(other)).map((source) => source.id)).not.toContain(id);
    for (const attempt of [
      () => sources.one(other, id),
      () => sources.change(other, id, { state: 'paused' }),
      () => sources.renewSecret(other, id),
      () => sources.rejected(other, id, { limit: 10 }),
      () => sources.replay(other, id, []),
      () => sources.create(other, token(newId())),
    ]) {
      await expect(attempt()).rejects.toThrow(NotFound);
    }
  });
});

test('every change is in the ledger', async () => {
  const id = newId();
  await sources.create(acme, token(id));
  await sources.change(acme, id, { state: 'paused' });
  await sources.renewSecret(acme, id);
  expect(entries).toEqual(
    ['source.created', 'source.changed', 'source.secret-renewed'].map((action) => ({
      action,
      subject: `source/${id}`,
      tenancy: 'acme-odce',
    })),
  );
});

describe('a source of old recordings', () => {
  const kept = async (id: string) => [
    (await sources.one(acme, id)).recorded,
    sources.byId(sourceId(id))?.recorded,
  ];

  test('is one when it says so, on its record and at the doors; a source that says nothing is live', async () => {
    const live = newId();
    const recording = newId();
    expect((await sources.create(acme, token(live))).source.recorded).toBe(false);
    expect((await sources.create(acme, { ...token(recording), recorded: true })).source.recorded).toBe(true);
    expect(await kept(live)).toEqual([false, false]);
    expect(await kept(recording)).toEqual([true, true]);
  });

  test('changes only when that is asked, and the ledger says from what on', async () => {
    const id = newId();
    await sources.create(acme, token(id));
    expect((await sources.change(acme, id, { recorded: true })).recorded).toBe(true);
    await sources.change(acme, id, { name: 'Old incident' });
    expect(await kept(id)).toEqual([true, true]);
    await sources.change(acme, id, { recorded: false });
    expect(await kept(id)).toEqual([false, false]);
    expect(entryFacts).toMatchObject([
      { recorded: false },
      { recorded: true },
      { name: 'Old incident', recorded: true },
      { recorded: false },
    ]);
  });
});

describe('the balance', () => {
  const balance = async (id: string) => (await sources.one(acme, id)).balance;

  test('INVARIANT: received = stored + rejected + pending, whatever has happened to the items', async () => {
    const id = newId();
    await sources.create(acme, token(id));
    await send(id, 'a', 'b', 'c');
    expect(await balance(id)).toMatchObject({ received: 3, stored: 0, rejected: 0, pending: 3 });
    await sources.rejectAtDoor([rejection(sourceId(id), '{')]);
    expect(await balance(id)).toMatchObject({ received: 4, rejected: 1, pending: 3 });
    await send(id, 'd', 'e');
    await count(id, { processed: 4, stored: 3, rejected: 1, unmapped: 2 }, [rejection(sourceId(id), 'd')]);
    expect(await balance(id)).toMatchObject({ received: 6, stored: 3, rejected: 2, pending: 1, unmapped: 2 });
    sources.note(sourceId(id), { duplicates: 7, refused: 2 });
    expect(await balance(id)).toMatchObject({ received: 6, duplicates: 7, refused: 2 });
    await sources.tick();
    expect(await balance(id)).toMatchObject({ received: 6, duplicates: 7, refused: 2 });
    expect((await sources.rejected(acme, id, { limit: 10 })).total).toBe(2);
    expect(faults).toEqual([]);
    expect((await sources.processed()).get(id)).toBe(4);
  });

  test('items that the spool lost are counted as rejected and reported, so it still holds', async () => {
    const id = newId();
    await sources.create(acme, token(id));
    await send(id, ...'abcdefgh'.split(''));
    await count(id, { processed: 8, stored: 5 });
    expect(await balance(id)).toMatchObject({ received: 8, stored: 5, rejected: 3, pending: 0 });
    const { items } = await sources.rejected(acme, id, { limit: 10 });
    expect(items.map(({ code }) => code)).toEqual(['spool-damaged']);
  });

  test('books that disagree are reported, not smoothed over', async () => {
    const id = newId();
    await sources.create(acme, token(id));
    await count(id, { processed: 2, stored: 2 });
    await balance(id);
    expect(faults.map(({ message }) => message)).toEqual(['the balance of a source does not hold']);
  });

  test('the rate is that of the last minute', async () => {
    const id = newId();
    await sources.create(acme, token(id));
    await sources.tick();
    await send(id, ...'0123456789'.repeat(3).split(''));
    clock.advance(10);
    await sources.tick();
    expect((await balance(id)).eventsPerSecond).toBeCloseTo(3, 5);
  });
});

describe('rejected items', () => {
  test('are kept with their bytes, newest first, page by page', async () => {
    const id = newId();
    await sources.create(acme, token(id));
    for (const text of ['one', 'two \xff', 'x'.repeat(100_000)]) {
      clock.advance(1);
      await sources.rejectAtDoor([rejection(sourceId(id), text)]);
    }
    const first = await sources.rejected(acme, id, { limit: 2 });
    expect(first.items.map(({ sizeBytes, preview }) => [sizeBytes, preview.length])).toEqual([
      [100_000, 4096],
      [6, 5],
    ]);
    const second = await sources.rejected(acme, id, { limit: 2, after: first.next ?? '' });
    expect(second).toMatchObject({ next: null, total: 3, items: [{ preview: 'one' }] });
  });

  test('go into the spool again once, but not what is cut or still bad', async () => {
    const id = newId();
    await sources.create(acme, token(id));
    await sources.rejectAtDoor([
      rejection(sourceId(id), 'good 1', { clientId: 'c1' }),
      rejection(sourceId(id), 'still bad'),
      rejection(sourceId(id), 'y'.repeat(70_000)),
      rejection(sourceId(id), 'good 2'),
    ]);
    expect(await sources.replay(acme, id, [])).toEqual({ replayed: 2, rejectedAgain: 2 });
    expect(await sources.replay(acme, id, [])).toEqual({ replayed: 0, rejectedAgain: 2 });
    expect(spool.lastSequence(sourceId(id))).toBe(2);
    expect((await sources.one(acme, id)).balance).toMatchObject({ received: 6, rejected: 4, pending: 2 });
    const marked = (await sources.rejected(acme, id, { limit: 10 })).items.filter(
      (item) => item.replayedAt !== null,
    );
    expect(marked).toHaveLength(2);
    expect(entries.at(-1)?.action).toBe('source.rejected-replayed');
  });
});

describe('silence', () => {
  const watch = async (): Promise<void> => {
    for (let n = 0; n < 10; n++) await sources.tick();
  };
  const seen = (id: string) =>
    silences.filter(({ silence }) => silence.source === id).map(({ what }) => what);

  test('is raised once when the time is over, cleared when it speaks, and raised again', async () => {
    const id = newId();
    await sources.create(acme, { ...token(id), silentAfterSeconds: 60 });
    clock.advance(59);
    await watch();
    expect(seen(id)).toEqual([]);
    clock.advance(2);
    await watch();
    await watch();
    expect(seen(id)).toEqual(['raise']);
    expect((await sources.one(acme, id)).balance.silent).toBe(true);
    sources.heard(sourceId(id));
    await watch();
    expect(seen(id)).toEqual(['raise', 'clear']);
    clock.advance(61);
    await watch();
    expect(seen(id)).toEqual(['raise', 'clear', 'raise']);
  });

  test('does not count while a source is paused, nor the pause itself', async () => {
    const id = newId();
    await sources.create(acme, { ...token(id), silentAfterSeconds: 60 });
    await sources.change(acme, id, { state: 'paused' });
    clock.advance(1000);
    await watch();
    await sources.change(acme, id, { state: 'active' });
    await watch();
    expect(seen(id)).toEqual([]);
    clock.advance(61);
    await watch();
    expect(seen(id)).toEqual(['raise']);
  });
});
