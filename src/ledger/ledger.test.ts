import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manualClock } from '#platform/clock';
import { scopeOf, systemAccess, tenancyId } from '#platform/scope';
import type { Records } from '#platform/records';
import { createTestRecords } from '#platform/records/testing';
import { sql } from 'kysely';
import { chainCheck, type Entry } from './entry.ts';
import { createLedger, type Ledger, readLedger, verifyLedger } from './ledger.ts';

const system = systemAccess('test');
const jo = { kind: 'user', id: 'u1', name: 'Jo' } as const;
const clock = manualClock('2026-05-01T00:00:00.123Z');
let records: Records;
let ledger: Ledger;

beforeAll(async () => {
  records = await createTestRecords();
  ledger = createLedger({ clock, records });
});
afterAll(() => records.close());

const write = (action: string, more: { tenancy?: string; facts?: Entry['facts'] } = {}) =>
  records.transaction(system, (tx) =>
    ledger.record(tx, { actor: jo, action, subject: 'thing/1', facts: {}, ...more }),
  );
const all = () => readLedger(records, { after: 0, limit: 1000, tenancies: undefined, subject: undefined });

describe('the ledger', () => {
  test('chains what is written, and the chain holds when it is read back', async () => {
    await write('one.first', { facts: { z: 1, a: { nested: [0.1, 'ö\0', null] } } });
    clock.advance(1);
    await write('one.second', { tenancy: 'acme-odce' });
    const entries = await all();
    expect(entries.map(({ sequence, action }) => [sequence, action])).toEqual([
      [1, 'one.first'],
      [2, 'one.second'],
    ]);
    expect(entries[1]?.previousHash).toEqual(entries[0]?.hash);
    expect(await verifyLedger(records)).toEqual({
      intact: true,
      entries: 2,
      head: entries[1]?.hash.toString('hex'),
    });
  });

  test('keeps no entry of a transaction that failed, and leaves no gap', async () => {
    const before = await all();
    const failed = records.transaction(system, async (tx) => {
      await ledger.record(tx, { actor: jo, action: 'lost', subject: 'x', facts: {} });
      throw new Error('the change failed');
    });
    await expect(failed).rejects.toThrow('the change failed');
    await write('after');
    expect((await all()).map(({ sequence }) => sequence)).toEqual(
      before.map(({ sequence }) => sequence).concat(before.length + 1),
    );
  });

  test('stays whole when many write at once', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, n) => write(`many.${n}`)));
    expect(await verifyLedger(records)).toMatchObject({ intact: true });
  });

  test('takes an entry from work that is bound to one tenancy', async () => {
    const scope = scopeOf([tenancyId('acme-odce')]);
    if (scope === undefined) throw new Error('a scope of one is not empty');
    await records.transaction(scope, (tx) =>
      ledger.record(tx, { actor: jo, action: 'scoped', subject: 'x', tenancy: 'acme-odce', facts: {} }),
    );
    expect(await verifyLedger(records)).toMatchObject({ intact: true });
  });

  test.each(['update ledger.entry set action = action', 'delete from ledger.entry', 'truncate ledger.entry'])(
    'refuses: %s',
    async (statement) => {
      await expect(records.transaction(system, (tx) => sql.raw(statement).execute(tx))).rejects.toThrow();
      await expect(
        records.transaction(system, async (tx) => {
          // What the database's own administrator could try; the trigger still stands in the way.
          await sql`reset role`.execute(tx);
          await sql.raw(statement).execute(tx);
        }),
      ).rejects.toThrow(/takes no changes/);
    },
  );

  test('shows a customer the entries of its tenancies only', async () => {
    const entries = await readLedger(records, {
      before: undefined,
      limit: 100,
      tenancies: ['acme-odce'],
      subject: undefined,
    });
    expect(entries.length).toBeGreaterThan(0);
    expect(new Set(entries.map(({ tenancy }) => tenancy))).toEqual(new Set(['acme-odce']));
  });
});

describe('a chain that was tampered with', () => {
  const check = (entries: readonly Entry[]) => {
    const chain = chainCheck();
    for (const entry of entries) chain.take(entry);
    return chain.result();
  };
  const altered = async (at: number, change: Partial<Entry>) =>
    (await all()).map((entry) => (entry.sequence === at ? { ...entry, ...change } : entry));

  test.each([
    ['its facts', { facts: { a: 2 } }],
    ['its actor', { actor: { kind: 'user', id: 'u1', name: 'Mallory' } }],
    ['its time', { at: new Date(0) }],
    ['its tenancy', { tenancy: 'beta-odce' }],
    ['its hash', { hash: Buffer.alloc(32, 1) }],
  ] as [string, Partial<Entry>][])('shows an entry with %s changed', async (_what, change) => {
    expect(check(await altered(2, change))).toMatchObject({ intact: false, sequence: 2 });
  });

  test('shows a missing entry', async () => {
    expect(check((await all()).filter(({ sequence }) => sequence !== 3))).toMatchObject({
      intact: false,
      sequence: 4,
    });
  });
});
