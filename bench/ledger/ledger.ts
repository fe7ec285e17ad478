/**
 * What the ledger takes and proves: `node bench/ledger/ledger.ts [entries] [pglite | postgres | URL] [a transaction]`
 * (100,000, 500; PGlite in a folder on disk; `postgres`: a server of its own in a temporary folder, without fsync). Each figure
 * is by the clock and by processor time of this process, which a busy machine does not spoil (with PostgreSQL the server's own
 * time is not in it). References in the same run: the same texts inserted into a plain table in the same transactions, and their
 * SHA-256 alone.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkInclusion, hashLeaf, policyOfKeys } from '@ironbark/tlog';
import { sql } from 'kysely';
import { createLedger, newLedgerKeys, readLedgerKeys, verifyLedger, verifyReceipt } from '#ledger';
import { systemClock as clock } from '#platform/clock';
import { openRecords, type Records } from '#platform/records';
import { postgresPrograms, startPostgres } from '#platform/records/testing';
import { systemAccess } from '#platform/scope';
import { createLogReader } from '../../src/ledger/log-reader.ts';
import { sequence } from '../../src/ledger/sequencer.ts';

const total = Number(process.argv[2] ?? 100_000);
const programs = process.argv[3] === 'postgres' ? postgresPrograms() : undefined;
const server = programs === undefined ? undefined : await startPostgres(programs);
const url = (await server?.newDatabase()) ?? (process.argv[3]?.includes(':') ? process.argv[3] : undefined);
const batch = Number(process.argv[4] ?? 500);
const access = systemAccess('bench');
const entryAt = (n: number) => ({
  actor: { kind: 'user' as const, id: '01968a2e-7b7f-7c53-9a53-2f1f4a7d9f10', name: 'Jo Bloggs' },
  action: 'alert.closed',
  subject: `alert/${n}`,
  tenancy: `acme${n % 20}-odce`,
  facts: { outcome: 'benign', reason: 'expected maintenance', number: n },
});

/** @returns how many a second of processor time */
async function timed(name: string, count: number, work: () => Promise<unknown>): Promise<number> {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const busy = (user + system) / 1e6;
  const rate = (seconds: number): string => Math.round(count / seconds).toLocaleString('en-AU');
  console.log(
    `${name.padEnd(64)} ${rate(wall).padStart(10)}/s   ${rate(busy).padStart(10)}/s of processor time`,
  );
  return count / busy;
}

async function inBatches(
  records: Records,
  work: (tx: Parameters<Parameters<Records['transaction']>[1]>[0], from: number) => Promise<unknown>,
) {
  for (let from = 0; from < total; from += batch) await records.transaction(access, (tx) => work(tx, from));
}

const folder = await mkdtemp(join(tmpdir(), 'ironbark-bench-ledger-'));
const records = await openRecords(url === undefined ? { folder: join(folder, 'records') } : { url });
try {
  const keys = readLedgerKeys(newLedgerKeys('bench.ledger'));
  const policy = policyOfKeys(keys.signers.map(({ verifier }) => verifier.vkey));
  const ledger = createLedger({ clock, records });
  const entries = (from: number) => Array.from({ length: batch }, (_, at) => entryAt(from + at));
  console.log(`${total} entries, ${records.engine}, transactions of ${batch}`);

  await records.transaction(access, async (tx) => {
    await sql`reset role`.execute(tx);
    await sql`create table if not exists platform.bench (id uuid primary key, leaf text, body text, at timestamptz)`.execute(
      tx,
    );
    await sql`truncate platform.bench`.execute(tx);
    await sql`grant insert on platform.bench to ironbark_app`.execute(tx);
  });
  const plain = await timed('reference: the same texts into a plain table', total, () =>
    inBatches(records, async (tx, from) => {
      const texts = entries(from).map((one) => JSON.stringify(one));
      await sql`insert into platform.bench select gen_random_uuid(), leaf, leaf, now() from unnest(${texts}::text[]) as one (leaf)`.execute(
        tx,
      );
    }),
  );
  await timed('reference: SHA-256 of the same texts, nothing else', total, async () => {
    for (let n = 0; n < total; n++)
      createHash('sha256')
        .update(JSON.stringify(entryAt(n)))
        .digest();
  });
  const whole = await timed('record, place and sign: batch by batch', total, async () => {
    for (let from = 0; from < total; from += batch) {
      await records.transaction(access, (tx) => ledger.recordMany(tx, entries(from)));
      if (from % (4 * batch) === 0) await sequence({ records, clock, keys });
    }
    await sequence({ records, clock, keys });
  });
  console.log(`${' '.repeat(4)}that is ${(whole / plain).toFixed(2)} of the plain table's rate\n`);
  await timed('record: one entry a transaction', 2000, async () => {
    for (let n = 0; n < 2000; n++) await records.transaction(access, (tx) => ledger.record(tx, entryAt(n)));
  });
  await timed('place and sign: 2,000 that wait', 2000, () => sequence({ records, clock, keys }));

  const reader = createLogReader({ records });
  const size = await reader.size();
  const anywhere = (): number => Math.floor(Math.random() * size);
  await timed('inclusion proofs of entries anywhere', 5000, async () => {
    for (let n = 0; n < 5000; n++) await reader.inclusion(anywhere(), size);
  });
  await timed('consistency proofs between any sizes', 3000, async () => {
    for (let n = 0; n < 3000; n++) await reader.consistency(anywhere() + 1, size);
  });
  const { rows } = await records.transaction(access, (tx) =>
    sql<{ id: string }>`select id from ledger.leaf order by random() limit 2000`.execute(tx),
  );
  await timed('receipts of entries anywhere', rows.length, async () => {
    for (const { id } of rows) await ledger.receipt(id);
  });
  const receipt = await ledger.receipt(rows[0]?.id ?? '');
  if (receipt === undefined) throw new Error('what is in the log has a receipt');
  await timed('receipts checked offline, both signatures', 500, async () => {
    for (let n = 0; n < 500; n++) verifyReceipt(receipt, policy);
  });
  const { index, checkpoint } = await (async () => {
    const { root } = (await reader.checkpoint()) ?? { root: new Uint8Array() };
    return { index: verifyReceipt(receipt, policy).index, checkpoint: { size, root } };
  })();
  const proof = await reader.inclusion(index, size);
  await timed('inclusion proofs checked', 20_000, async () => {
    const leaf = hashLeaf(Buffer.from(receipt.leaf));
    for (let n = 0; n < 20_000; n++) checkInclusion({ index, size, leaf, root: checkpoint.root, proof });
  });
  await timed('the whole log verified anew', size, async () => {
    const result = await verifyLedger(records);
    if (!result.intact) throw new Error(result.why);
  });
} finally {
  await records.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
}
