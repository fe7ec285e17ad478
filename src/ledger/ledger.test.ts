import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manualClock } from '#platform/clock';
import { NotFound } from '#platform/errors';
import { openRecords, type Records } from '#platform/records';
import { createTestRecords } from '#platform/records/testing';
import { scopeOf, systemAccess, tenancyId } from '#platform/scope';
import { postgresPrograms, startPostgres } from '../platform/records/testing/postgres-server.ts';
import {
  checkConsistency,
  hashLeaf,
  parseCheckpoint,
  policyOfKeys,
  tilePath,
  tilesOf,
  verifyTiles,
} from '@ironbark/tlog';
import { carryOldChain } from './carry.ts';
import type { NewEntry } from './entry.ts';
import { eraseEntry } from './erase.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createLogReader } from './log-reader.ts';
import { genesis, oldHash } from './old-chain.ts';
import { parseReceiptFile, receiptFile, verifyReceipt } from './receipt.ts';
import { readEntries } from './store.ts';
import { createTestLog, type TestLog } from './testing.ts';
import { verifyLedger } from './verify.ts';

const system = systemAccess('test');
const jo = { kind: 'user', id: 'u1', name: 'Jo Bloggs' } as const;
const programs = postgresPrograms();

describe('on PGlite', () => suite(() => createTestRecords()));
describe.skipIf(programs === undefined)('on PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  beforeAll(async () => {
    server = await startPostgres(programs ?? '');
  });
  afterAll(() => server.stop());
  suite(async () => openRecords({ url: await server.newDatabase() }));
});

function suite(open: () => Promise<Records>): void {
  const clock = manualClock('2026-05-01T00:00:00.123Z');
  let records: Records;
  let ledger: Ledger;
  let log: TestLog;

  beforeAll(async () => {
    records = await open();
    ledger = createLedger({ clock, records });
    log = createTestLog({ records, clock });
  });
  afterAll(() => records.close());

  const write = async (action: string, more: Partial<NewEntry> = {}): Promise<string> => {
    const entry = { actor: jo, action, subject: 'thing/1', facts: {}, ...more };
    return (await records.transaction(system, (tx) => ledger.record(tx, entry))).id;
  };
  const all = () =>
    records.transaction(system, (tx) => readEntries(tx, { tenancies: undefined, limit: 10_000 }));
  const receiptOf = async (id: string) => {
    const receipt = await ledger.receipt(id);
    if (receipt === undefined) throw new Error(`no receipt for ${id}`);
    return receipt;
  };

  test('carries the chain of hashes over, with its numbers and hashes, and says whether it was whole', async () => {
    let previousHash: Buffer = genesis;
    await records.transaction(system, async (tx) => {
      for (let sequence = 1; sequence <= 1205; sequence++) {
        const old = {
          sequence,
          at: clock.now(),
          actor: jo,
          action: 'old.thing',
          subject: `thing/${sequence}`,
          tenancy: sequence % 2 === 0 ? 'acme-odce' : null,
          facts: { z: 1e21, a: ['ö', null] },
          previousHash,
        };
        const hash = oldHash(old);
        await sql`insert into ledger.old_entry values (${sequence}, ${old.at}, ${jo.kind}, ${jo.id}, ${jo.name}, ${old.action},
          ${old.subject}, ${old.tenancy}, ${JSON.stringify(old.facts)}::jsonb, ${previousHash}, ${hash})`.execute(
          tx,
        );
        previousHash = hash;
      }
    });
    expect(await carryOldChain({ records, clock })).toBe(1205);
    expect(await carryOldChain({ records, clock })).toBe(0);
    await log.sequence();
    const entries = (await all()).reverse();
    expect(entries).toHaveLength(1206);
    expect(entries.map(({ index }) => index)).toEqual([...Array(1206).keys()]);
    expect(entries[1204]).toMatchObject({
      action: 'old.thing',
      subject: 'thing/1205',
      actor: jo,
      tenancy: null,
    });
    expect(entries[1205]).toMatchObject({
      action: 'ledger.carried-over',
      facts: { entries: 1205, head: previousHash.toString('hex'), intact: true },
    });
    const { payload } = await receiptOf(entries[1204]?.id ?? '');
    expect(JSON.parse(payload ?? '')).toMatchObject({
      chain: { sequence: 1205, hash: previousHash.toString('hex') },
    });
    const { rows } = await records.transaction(system, (tx) => sql`select from ledger.old_entry`.execute(tx));
    expect(rows).toHaveLength(0);
    expect(await verifyLedger(records)).toMatchObject({ intact: true, entries: 1206, remarks: [] });
  });

  test('keeps what is written, promises a place, and gives it with the next run', async () => {
    const id = await write('one.first', { facts: { z: 1, a: { nested: [0.1, 'ö\0', null] } } });
    const [waiting] = await all();
    expect(waiting).toMatchObject({
      id,
      index: null,
      facts: { z: 1, a: { nested: [0.1, 'ö\uFFFD', null] } },
    });
    expect(await ledger.receipt(id)).toBeUndefined();
    expect(await log.sequence()).toBe(1);
    expect(await log.sequence()).toBe(0);
    expect((await all())[0]).toMatchObject({ id, index: 1206 });
    expect(verifyReceipt(await receiptOf(id), log.policy)).toMatchObject({
      index: 1206,
      size: 1207,
      origin: 'ledger.test',
      leaf: { id, action: 'one.first', of: null },
      payload: { actor: jo, subject: 'thing/1' },
      remarks: [],
    });
  });

  test('keeps no entry of a transaction that failed', async () => {
    const before = (await all()).length;
    const failed = records.transaction(system, async (tx) => {
      await ledger.record(tx, { actor: jo, action: 'lost', subject: 'x', facts: {} });
      throw new Error('the change failed');
    });
    await expect(failed).rejects.toThrow('the change failed');
    await log.sequence();
    expect(await all()).toHaveLength(before);
  });

  test('stays whole when many write, some sequence and some read at once', async () => {
    await Promise.all([
      ...Array.from({ length: 60 }, (_, n) => write(`many.${n}`)),
      ...Array.from({ length: 5 }, () => log.sequence()),
      verifyLedger(records),
    ]);
    await log.sequence();
    expect(await verifyLedger(records)).toMatchObject({ intact: true, entries: 1267 });
  });

  test('takes many at once, in their order', async () => {
    const entries = Array.from({ length: 4500 }, (_, n) => ({
      actor: jo,
      action: 'bulk.one',
      subject: `bulk/${n}`,
      facts: { n },
    }));
    const recorded = await records.transaction(system, (tx) => ledger.recordMany(tx, entries));
    expect(await log.sequence()).toBe(4500);
    const read = (await all()).slice(0, 4500).reverse();
    expect(read.map(({ id }) => id)).toEqual(recorded.map(({ id }) => id));
    expect(read.map(({ subject }) => subject)).toEqual(entries.map(({ subject }) => subject));
    expect(read.map(({ index }) => index)).toEqual(entries.map((_, n) => 1267 + n));
    expect(await verifyLedger(records)).toMatchObject({ intact: true, entries: 5767 });
  });

  test('its tiles are those that any tool works out from its entries', async () => {
    const reader = createLogReader({ records });
    const checkpoint = parseCheckpoint((await reader.checkpoint())?.note ?? '');
    const tiles = new Map<string, Uint8Array>();
    for (const tile of tilesOf(checkpoint.size))
      tiles.set(tilePath(tile), (await reader.tile(tile)) ?? new Uint8Array());
    await verifyTiles(async (path) => tiles.get(path), checkpoint, { bundles: true });
    expect(await reader.tile({ level: 0, index: 9999, width: 1 })).toBeUndefined();
    expect(await reader.tile({ level: 5, index: 0, width: 1 })).toBeUndefined();
    expect(await reader.tile({ level: 0, index: 22, width: 200 })).toBeUndefined();
  });

  test('every two of its checkpoints are consistent', async () => {
    const { rows } = await records.transaction(system, (tx) =>
      sql<{ size: number; root: Buffer }>`select size, root from ledger.checkpoint order by size`.execute(tx),
    );
    expect(rows.length).toBeGreaterThan(3);
    const reader = createLogReader({ records });
    for (const from of rows.filter(({ size }) => size > 0))
      for (const to of rows.filter(({ size }) => size >= from.size))
        checkConsistency({
          from: from.size,
          to: to.size,
          fromRoot: from.root,
          toRoot: to.root,
          proof: await reader.consistency(from.size, to.size),
        });
  });

  test('takes an entry from work that is bound to one tenancy, and shows it to no other', async () => {
    const scope = (id: string) => scopeOf([tenancyId(id)]) ?? system;
    await records.transaction(scope('acme-odce'), async (tx) => {
      await ledger.record(tx, { actor: jo, action: 'scoped', subject: 'x', tenancy: 'acme-odce', facts: {} });
      await ledger.record(tx, { actor: jo, action: 'scoped.community', subject: 'x', facts: {} });
    });
    await log.sequence();
    const seen = (id: string) =>
      records.transaction(scope(id), (tx) =>
        readEntries(tx, { tenancies: undefined, action: 'scoped', limit: 10 }),
      );
    expect((await seen('acme-odce')).map(({ action }) => action)).toEqual(['scoped']);
    expect(await seen('zeta-odce')).toEqual([]);
  });

  test('says the same pseudonym of the same tenancy, and names none', async () => {
    const [one, two, other] = [
      await write('pseudonym', { tenancy: 'acme-odce' }),
      await write('pseudonym', { tenancy: 'acme-odce' }),
      await write('pseudonym', { tenancy: 'zeta-odce' }),
    ];
    await log.sequence();
    const leaves = await Promise.all([one, two, other].map(async (id) => (await receiptOf(id)).leaf));
    const of = leaves.map((leaf) => (JSON.parse(leaf) as { of: string }).of); // a leaf always has it
    expect(of[0]).toBe(of[1]);
    expect(of[0]).not.toBe(of[2]);
    for (const leaf of leaves) expect(leaf).not.toMatch(/acme|zeta|Bloggs|thing/);
  });

  test('a clock that is set back changes no order and breaks no proof; it is remarked', async () => {
    clock.advance(-3600);
    const id = await write('from.the.past');
    await log.sequence();
    clock.advance(3600);
    expect(verifyReceipt(await receiptOf(id), log.policy).leaf.at).toMatch(/^2026-04-30T23/);
    const { intact, remarks } = await verifyLedger(records);
    expect(intact).toBe(true);
    expect(remarks).toEqual([expect.stringContaining('the clock was set back')]);
    expect(hashLeaf(Buffer.from((await receiptOf(id)).leaf))).toHaveLength(32);
  });

  describe('erasure', () => {
    test('removes who, what and the facts, and no proof', async () => {
      const id = await write('user.added', { tenancy: 'acme-odce', facts: { email: 'jo@acme.example' } });
      await log.sequence();
      const before = await receiptOf(id);
      const done = await eraseEntry({ records, clock, ledger }, jo, id, 'asked for by Jo');
      await log.sequence();
      const entries = await all();
      expect(entries.find((entry) => entry.id === id)).toMatchObject({
        action: 'user.added',
        tenancy: 'acme-odce',
        actor: null,
        subject: null,
        facts: null,
        erased: true,
      });
      expect(entries.find((entry) => entry.id === done.recordedAs)).toMatchObject({
        action: 'ledger.erased',
        subject: `entry/${id}`,
        facts: { reason: 'asked for by Jo', action: 'user.added' },
      });
      const after = await receiptOf(id);
      expect(after).toMatchObject({ leaf: before.leaf, salt: null, payload: null });
      expect(verifyReceipt(after, log.policy).payload).toBeUndefined();
      // Who kept a receipt from before can still show what it said.
      expect(verifyReceipt(before, log.policy).payload).toMatchObject({
        facts: { email: 'jo@acme.example' },
      });
      expect(await verifyLedger(records)).toMatchObject({ intact: true });
      await expect(eraseEntry({ records, clock, ledger }, jo, id, 'again')).rejects.toThrow(NotFound);
      await expect(eraseEntry({ records, clock, ledger }, jo, 'x', 'again')).rejects.toThrow(NotFound);
    });

    test.each([
      'update ledger.payload set salt = null, body = null, subject = null',
      "update ledger.payload set body = replace(body, 'Jo', 'Mo')",
      "update ledger.payload set tenancy_id = 'zeta-odce'",
      'delete from ledger.payload',
    ])('is the only change a payload takes: %s', async (statement) => {
      const change = (reset: boolean) =>
        records.transaction(system, async (tx) => {
          if (reset) await sql`reset role`.execute(tx);
          await sql.raw(`${statement} where action = 'one.first'`).execute(tx);
        });
      await expect(change(false)).rejects.toThrow();
      if (records.engine === 'pglite') await expect(change(true)).rejects.toThrow(/takes no changes/);
    });
  });

  test.each(
    ['leaf', 'tile', 'checkpoint', 'cosignature', 'log_key', 'erasure', 'waiting'].flatMap((table) => [
      `delete from ledger.${table}`,
      `truncate ledger.${table} cascade`,
      `update ledger.${table} set ${{ leaf: 'index', tile: 'index', checkpoint: 'size', cosignature: 'seconds', log_key: 'since_size', erasure: 'at', waiting: 'recorded' }[table]} = default`,
    ]),
  )('refuses: %s', async (statement) => {
    await write('waits');
    await records.transaction(system, (tx) =>
      sql`insert into ledger.cosignature select size, 'w', 'l', 1 from ledger.checkpoint order by size limit 1 on conflict do nothing`.execute(
        tx,
      ),
    );
    const change = (reset: boolean) =>
      records.transaction(system, async (tx) => {
        // What the database's own administrator could try; the trigger still stands in the way.
        if (reset) await sql`reset role`.execute(tx);
        await sql.raw(statement).execute(tx);
      });
    await expect(change(false)).rejects.toThrow();
    // Only where the session's own role owns the tables without more ado.
    if (records.engine === 'pglite') await expect(change(true)).rejects.toThrow(/takes no changes/);
  });

  describe('a receipt', () => {
    let id: string;
    beforeAll(async () => {
      id = await write('receipt.made', { facts: { amount: 3 } });
      await log.sequence();
    });

    test('is one file, that is read back to the same receipt', async () => {
      const receipt = await receiptOf(id);
      const file = receiptFile(receipt);
      expect(file.startsWith('c2sp.org/tlog-proof@v1\nextra ')).toBe(true);
      expect(parseReceiptFile(Buffer.from(file))).toEqual(receipt);
      expect(() => parseReceiptFile(receipt.tlogProof)).toThrow('brings no ledger entry');
    });

    test('holds later too, when the log has grown', async () => {
      const before = await receiptOf(id);
      await write('later');
      await log.sequence();
      expect(verifyReceipt(before, log.policy).index).toBe(
        verifyReceipt(await receiptOf(id), log.policy).index,
      );
    });

    test('with anything changed does not hold', async () => {
      const receipt = await receiptOf(id);
      const other = await receiptOf(await writeAndSequence('other'));
      expect(() => verifyReceipt({ ...receipt, leaf: other.leaf }, log.policy)).toThrow('does not follow');
      expect(() => verifyReceipt({ ...receipt, leaf: ` ${receipt.leaf}` }, log.policy)).toThrow('canonical');
      expect(() => verifyReceipt({ ...receipt, payload: other.payload }, log.policy)).toThrow('commits to');
      expect(() => verifyReceipt({ ...receipt, salt: other.salt }, log.policy)).toThrow('commits to');
      expect(() =>
        verifyReceipt(
          { ...receipt, payload: receipt.payload?.replace('"amount":3', '"amount":4') ?? '' },
          log.policy,
        ),
      ).toThrow('commits to');
      expect(() => verifyReceipt({ ...receipt, tlogProof: other.tlogProof }, log.policy)).toThrow(
        'does not follow',
      );
    });

    test('of another origin is not one of this log, even for the very same leaf', async () => {
      const impostor = createTestLog({ records, clock, origin: 'other.test' });
      const receipt = await receiptOf(id);
      expect(() => verifyReceipt(receipt, impostor.policy)).toThrow('of another log');
      const sameName = createTestLog({ records, clock });
      expect(() => verifyReceipt(receipt, sameName.policy)).toThrow('no key that is trusted');
    });

    test('is signed with Ed25519 and with ECDSA on P-384, and one of them is enough', async () => {
      const receipt = await receiptOf(id);
      expect(verifyReceipt(receipt, log.policy).signedBy).toHaveLength(2);
      for (const { verifier } of log.policy.logs)
        expect(verifyReceipt(receipt, policyOfKeys([verifier.vkey])).signedBy).toEqual([verifier.vkey]);
      expect(log.policy.logs.map(({ verifier }) => verifier.type)).toEqual([1, 2]);
    });

    test('is asked for by a name that is none', async () => {
      for (const bad of ['', 'x', "'; drop table", '00000000-0000-0000-0000-000000000000'])
        expect(await ledger.receipt(bad)).toBeUndefined();
    });

    const writeAndSequence = async (action: string): Promise<string> => {
      const written = await write(action);
      await log.sequence();
      return written;
    };
  });

  test('texts come back as they were said, whatever characters they hold', async () => {
    const odd = ['a\u001fb', '\u001e', '\u001f', '', 'plain', '{"a":"\\"}', 'NULL', "'"];
    for (const subjects of [odd, ['plain', 'and simple'], ['']]) {
      const entries = subjects.map((subject) => ({
        actor: jo,
        action: 'odd.text',
        subject,
        facts: { subject },
      }));
      const recorded = await records.transaction(system, (tx) => ledger.recordMany(tx, entries));
      const found = new Map((await all()).map((entry) => [entry.id, entry]));
      expect(recorded.map(({ id }) => found.get(id)?.subject)).toEqual(subjects);
      await log.sequence();
      for (const [at, { id }] of recorded.entries())
        expect(verifyReceipt(await receiptOf(id), log.policy).payload?.subject).toBe(subjects[at]);
    }
  });
}
