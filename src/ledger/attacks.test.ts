import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { manualClock } from '#platform/clock';
import type { Records } from '#platform/records';
import { createTestRecords } from '#platform/records/testing';
import { systemAccess } from '#platform/scope';
import {
  answerAddCheckpoint,
  checkGrowth,
  createCosigner,
  hashLeaf,
  openCheckpoint,
  parseCheckpoint,
  parsePolicy,
  parseVkey,
  type Witnessed,
} from '@ironbark/tlog';
import { generateKeyPairSync } from 'node:crypto';
import { newLedgerKeys, readLedgerKeys } from './keys.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createLogReader } from './log-reader.ts';
import { verifyReceipt } from './receipt.ts';
import { startLog } from './runner.ts';
import { sequence } from './sequencer.ts';
import { verifyLedger } from './verify.ts';
import type { Post } from './witnesses.ts';

/* Attacks by who owns the database (triggers off), and some by who has the keys as well. */

const system = systemAccess('test');
const jo = { kind: 'user', id: 'u1', name: 'Jo' } as const;
const clock = manualClock('2026-05-01T00:00:00Z');
const keys = readLedgerKeys(newLedgerKeys('ledger.test'));
const verifiers = keys.signers.map(({ verifier }) => verifier);
let records: Records;
let ledger: Ledger;

const tables = ['leaf', 'waiting', 'payload', 'erasure', 'tile', 'checkpoint', 'cosignature', 'log_key'];
/** A log of 730 entries, made once and put back before each test. */
beforeAll(async () => {
  records = await createTestRecords();
  ledger = createLedger({ clock, records });
  await grow(700);
  await grow(30);
  await tamper(
    `create schema whole;${tables.map((name) => `create table whole.${name} as table ledger.${name}`).join(';')}`,
  );
});
beforeEach(() =>
  tamper(
    tables
      .map((name) => `delete from ledger.${name};insert into ledger.${name} table whole.${name}`)
      .join(';'),
  ),
);
afterAll(() => records.close());

async function grow(count: number, action = 'some.thing'): Promise<void> {
  await records.transaction(system, (tx) =>
    ledger.recordMany(
      tx,
      Array.from({ length: count }, (_, n) => ({ actor: jo, action, subject: `thing/${n}`, facts: { n } })),
    ),
  );
  await sequence({ records, clock, keys });
}

/** As who owns the database and knows how to switch triggers off. */
const tamper = (statement: string): Promise<unknown> =>
  records.transaction(system, async (tx) => {
    await sql`reset role`.execute(tx);
    await sql`set local session_replication_role = replica`.execute(tx);
    for (const one of statement.split(';')) await sql.raw(one).execute(tx);
  });

describe('who owns the database', () => {
  test('starts from a log that is whole', async () => {
    expect(await verifyLedger(records)).toMatchObject({ intact: true, entries: 730 });
  });

  const forged = 'forged';
  test.each([
    [
      "edits a leaf's text",
      `update ledger.leaf set leaf = replace(leaf, 'some', 'more') where index = 300`,
      300,
    ],
    ["edits a leaf's hash", `update ledger.leaf set hash = sha256('x') where index = 300`, 300],
    [
      'edits a node within a tile',
      `update ledger.tile set nodes = set_byte(nodes, 9000, get_byte(nodes, 9000) # 1) where level = 0 and index = 1`,
      511,
    ],
    ['removes a tile', `delete from ledger.tile where level = 0 and index = 1`, 511],
    ['adds a tile', `insert into ledger.tile select 3, 7, nodes from ledger.tile where index = 0`, 730],
    ['removes a leaf', `delete from ledger.leaf where index = 300`, 300],
    ['removes the last leaf', `delete from ledger.leaf where index = 729`, 729],
    [
      'gives a place twice under another number',
      `update ledger.leaf set index = 10000 where index = 729`,
      729,
    ],
    [
      'edits a payload',
      `update ledger.payload set body = replace(body, 'Jo', 'Mo') where recorded = 301`,
      300,
    ],
    [
      'edits the name of the tenancy',
      `update ledger.payload set tenancy_id = 'zeta-odce' where recorded = 301`,
      300,
    ],
    [
      'edits the time that is shown',
      `update ledger.payload set at = at - interval '1 day' where recorded = 301`,
      300,
    ],
    ['removes a payload', `delete from ledger.payload where recorded = 301`, 300],
    [
      'empties a payload without an erasure',
      `update ledger.payload set salt = null, body = null, subject = null where recorded = 301`,
      300,
    ],
    ["edits a checkpoint's root", `update ledger.checkpoint set root = sha256('x') where size = 700`, 700],
    [
      "edits a checkpoint's note",
      `update ledger.checkpoint set note = replace(note, '700', '701') where size = 700`,
      700,
    ],
    ['removes the last checkpoint', `delete from ledger.checkpoint where size = 730`, 730],
    [
      'adds an entry behind the sequencer',
      `insert into ledger.leaf select 730, gen_random_uuid(), leaf, hash from ledger.leaf where index = 5`,
      730,
    ],
    [
      'adds a payload that was never recorded',
      `insert into ledger.payload select 99999, gen_random_uuid(), at, '${forged}', tenancy_id, subject, salt, body, null from ledger.payload where recorded = 5`,
      730,
    ],
  ])('%s: told, with the place', async (_what, statement, index) => {
    await tamper(statement);
    expect(await verifyLedger(records)).toMatchObject({ intact: false, index });
  });

  test.each([
    ['removes the last leaf', `delete from ledger.leaf where index = 729`],
    [
      'adds a leaf',
      `insert into ledger.leaf select 730, gen_random_uuid(), leaf, sha256('y') from ledger.leaf where index = 5`,
    ],
    ['edits a leaf at the edge', `update ledger.leaf set hash = sha256('x') where index = 720`],
    ['removes a tile', `delete from ledger.tile where index = 1`],
    [
      'edits the root of a tile',
      `update ledger.tile set nodes = set_byte(nodes, 16351, get_byte(nodes, 16351) # 1) where index = 1`,
    ],
    [
      "edits the newest checkpoint's root",
      `update ledger.checkpoint set root = sha256('x') where size = 730`,
    ],
    [
      'puts a note of its own',
      `update ledger.checkpoint set note = replace(note, 'ledger.test', 'other.test') where size = 730`,
    ],
  ])('%s: and nothing more is signed', async (_what, statement) => {
    await tamper(statement);
    await expect(grow(1)).rejects.toThrow('is not what its newest checkpoint says');
  });

  test('can not give a place twice', async () => {
    await expect(
      records.transaction(system, (tx) =>
        sql`insert into ledger.leaf select 300, gen_random_uuid(), leaf, hash from ledger.leaf where index = 5`.execute(
          tx,
        ),
      ),
    ).rejects.toThrow(/leaf_pkey/);
    await expect(
      records.transaction(system, (tx) =>
        sql`insert into ledger.leaf select 730, id, leaf, hash from ledger.leaf where index = 5`.execute(tx),
      ),
    ).rejects.toThrow(/leaf_id_key/);
  });

  test('can not make a receipt for an entry that was edited', async () => {
    const id = (
      await records.transaction(system, (tx) =>
        sql<{ id: string }>`select id from ledger.leaf where index = 300`.execute(tx),
      )
    ).rows[0]?.id;
    const policy = {
      logs: verifiers.map((verifier) => ({ verifier, url: undefined })),
      witnesses: [],
      groups: [],
      quorum: 'none',
    };
    const good = await ledger.receipt(id ?? '');
    expect(good && verifyReceipt(good, policy).index).toBe(300);
    await tamper(`update ledger.leaf set leaf = replace(leaf, 'some.thing', 'more.thing') where index = 300`);
    const bad = await ledger.receipt(id ?? '');
    expect(() => bad && verifyReceipt(bad, policy)).toThrow('does not follow');
  });
});

/** A witness in memory, and a log that shows it its checkpoints. */
function witnessed() {
  const cosigner = createCosigner('witness.test/w', generateKeyPairSync('ed25519').privateKey);
  let latest: Witnessed | undefined;
  let up = true;
  const post: Post = async (_url, body) => {
    if (!up) throw new Error('connect ECONNREFUSED');
    const watched = (origin: string) => (origin === 'ledger.test' ? { verifiers, latest } : undefined);
    const answer = answerAddCheckpoint(body, watched, cosigner, () =>
      Math.floor(clock.now().getTime() / 1000),
    );
    if (answer.cosigned) latest = answer.cosigned;
    return answer;
  };
  const policy = parsePolicy(
    `${verifiers.map(({ vkey }) => `log ${vkey}\n`).join('')}witness W ${cosigner.verifier.vkey} http://w.test/\nquorum W\n`,
  );
  const log = { error: () => undefined, info: () => undefined };
  const open = () => startLog({ records, clock, keys, policy, post, log });
  return { policy, open, setUp: (value: boolean) => (up = value) };
}

describe('who has the keys too', () => {
  /** Everything from `size` on is gone, and the rest looks as if it had never been. */
  const truncate = (size: number): Promise<unknown> =>
    tamper(`delete from ledger.cosignature where size > ${size}; delete from ledger.checkpoint where size > ${size};
      delete from ledger.payload using ledger.leaf where leaf.id = payload.id and leaf.index >= ${size};
      delete from ledger.leaf where index >= ${size}; delete from ledger.tile where (index + 1) * 256 > ${size}`);

  test('cuts the log off and signs again: the log itself looks whole, the witness tells', async () => {
    const { open } = witnessed();
    let log = open();
    await log.run();
    expect(await log.status()).toMatchObject({
      state: 'healthy',
      witnesses: [{ state: 'cosigns', size: 730 }],
    });
    await log.close();
    await truncate(700);
    await grow(5, 'rewritten');
    expect(await verifyLedger(records)).toMatchObject({ intact: true, entries: 705 });
    log = open();
    await log.run();
    const { state, detail } = await log.status();
    expect({ state, detail }).toEqual({
      state: 'failing',
      detail:
        'The witness W refuses: it saw 730 entries, and the log has 705: the log was cut off or restored.',
    });
    // And when it has grown beyond what the witness saw.
    await grow(100, 'rewritten');
    clock.advance(10);
    await log.run();
    expect((await log.status()).detail).toContain('forked or rewritten');
    await log.close();
  });

  test('cuts the log off and signs again: who kept an older checkpoint tells', async () => {
    const kept = parseCheckpoint((await createLogReader({ records }).checkpoint())?.note ?? '');
    await truncate(700);
    await grow(200, 'rewritten');
    const reader = createLogReader({ records });
    const now = openCheckpoint((await reader.checkpoint())?.note ?? '', verifiers);
    expect(now.size).toBe(900);
    const proof = await reader.consistency(kept.size, now.size);
    expect(() => checkGrowth(kept, now, proof)).toThrow('does not follow');
  });

  test('shows another log to a customer: it has no cosignature, and the policy asks for one', async () => {
    const { open, policy } = witnessed();
    const log = open();
    await log.run();
    await log.close();
    const [{ id } = { id: '' }] = (
      await records.transaction(system, (tx) =>
        sql<{ id: string }>`select id from ledger.leaf where index = 3`.execute(tx),
      )
    ).rows;
    const good = await ledger.receipt(id);
    expect(good && verifyReceipt(good, policy)).toMatchObject({ cosignedBy: [{ name: 'W' }], remarks: [] });

    const fork = await createTestRecords();
    try {
      const forkedLedger = createLedger({ clock, records: fork });
      const forged = await fork.transaction(system, (tx) =>
        forkedLedger.record(tx, { actor: jo, action: 'forged', subject: 'x', facts: {} }),
      );
      await sequence({ records: fork, clock, keys });
      const receipt = await forkedLedger.receipt(forged.id);
      expect(() => receipt && verifyReceipt(receipt, policy)).toThrow(
        'no witness of the policy saw this checkpoint',
      );
      expect(receipt && verifyReceipt(receipt, { ...policy, quorum: 'none' }).index).toBe(0);
    } finally {
      await fork.close();
    }
  });

  test('sets the clock back before it writes: the witness dates the entry no earlier than it saw it', async () => {
    const { open, policy } = witnessed();
    clock.set('2026-06-01T00:00:00Z');
    const recorded = await records.transaction(system, (tx) =>
      ledger.record(tx, { actor: jo, action: 'backdated', subject: 'x', facts: {} }),
    );
    clock.set('2026-05-02T00:00:00Z');
    const log = open();
    await log.run();
    await log.close();
    const receipt = await ledger.receipt(recorded.id);
    expect(receipt && verifyReceipt(receipt, policy).remarks).toEqual([
      expect.stringContaining('clocks was wrong'),
    ]);
    clock.set('2026-06-02T00:00:00Z');
  });
});

describe('a witness', () => {
  test('that is away is asked again, and the log goes on meanwhile', async () => {
    const { open, setUp } = witnessed();
    setUp(false);
    const log = open();
    await log.run();
    expect(await log.status()).toMatchObject({ state: 'degraded', witnesses: [{ state: 'silent' }] });
    expect((await createLogReader({ records }).checkpoint())?.witnesses).toEqual([]);
    setUp(true);
    await grow(3);
    clock.advance(6);
    await log.run();
    expect(await log.status()).toMatchObject({
      state: 'healthy',
      witnesses: [{ state: 'cosigns', size: 733 }],
    });
    expect((await createLogReader({ records }).checkpoint())?.witnesses).toHaveLength(1);
    await log.close();
  });

  test('whose signature is not its own is not believed', async () => {
    const { policy } = witnessed();
    const stranger = witnessed();
    const log = startLog({
      records,
      clock,
      keys,
      policy,
      post: async () => ({ status: 200, body: '\u2014 witness.test/w AAAAAAAAAAAAAAA=\n' }),
      log: { error: () => undefined, info: () => undefined },
    });
    await log.run();
    expect((await log.status()).witnesses[0]?.detail).toContain('not signed by witness.test/w');
    await log.close();
    expect(stranger.policy.witnesses[0]?.verifier.vkey).not.toBe(
      parseVkey(policy.witnesses[0]?.verifier.vkey ?? '').vkey,
    );
  });
});

test('a log of other keys goes on with the old one, and the change of keys shows', async () => {
  const others = readLedgerKeys(newLedgerKeys('ledger.test'));
  await records.transaction(system, (tx) =>
    ledger.record(tx, { actor: jo, action: 'x', subject: 'x', facts: {} }),
  );
  await sequence({ records, clock, keys: others });
  const { rows } = await records.transaction(system, (tx) =>
    sql<{ since_size: number }>`select since_size from ledger.log_key order by since_size`.execute(tx),
  );
  expect(rows.map(({ since_size }) => since_size)).toEqual([0, 0, 730, 730]);
  expect(await verifyLedger(records)).toMatchObject({ intact: true, entries: 731 });
  expect(hashLeaf(new Uint8Array())).toHaveLength(32);
});
