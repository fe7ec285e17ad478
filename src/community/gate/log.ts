import { createHash, type Hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, zstdCompress, zstdDecompress } from 'node:zlib';
import type { Ledger, Json } from '#ledger';
import type { Clock } from '#platform/clock';
import type { Ids } from '#platform/ids';
import type { Records } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { type DecisionEntry, entryOfLine, isKeptFirst, lineOf } from './entry.ts';
import { insertBatch, insertDecisions } from './store.ts';

/**
 * Keeps decisions.
 * INVARIANT: a denial and a privileged permit are in the ledger before `keep` resolves; when they can't be, it rejects.
 */
export type DecisionLog = {
  /** For what `isKeptFirst` is true of; resolves when it is in the ledger. */
  keep(entry: DecisionEntry): Promise<void>;
  /** Ordinary permits, into the batch of this second. @returns false when they can't be kept: then nothing is permitted */
  add(entry: DecisionEntry): boolean;
  /** Writes what is waiting. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

export type LogDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Ledger;
  readonly failed: (error: unknown) => void;
  readonly batchMilliseconds?: number;
};

const access = systemAccess('keep decisions');
/** In one transaction, so that a storm of denials is few transactions. */
const mostTogether = 100;
/** Permits that wait: with the database away so long, nothing more is permitted. */
const mostWaiting = 50_000;
const mostWaitingSeconds = 10;

export function openDecisionLog(deps: LogDeps): DecisionLog {
  const { clock } = deps;
  type Waiter = { entry: DecisionEntry; done: () => void; failed: (error: unknown) => void };
  let queue: Waiter[] = [];
  let writing: Promise<void> | undefined;
  let permits = newBatch(deps.ids);
  /** Those that could not be written are tried again before what came later. */
  let unwritten: Batch[] = [];
  let batching: Promise<void> | undefined;

  const writeQueued = async (): Promise<void> => {
    while (queue.length > 0) {
      const together = queue.slice(0, mostTogether);
      queue = queue.slice(mostTogether);
      try {
        await writeTogether(
          deps,
          together.map(({ entry }) => entry),
        );
        for (const { done } of together) done();
      } catch (error) {
        for (const { failed } of together) failed(error);
      }
    }
  };
  const batch = async (): Promise<void> => {
    if (permits.count > 0) {
      unwritten.push(permits);
      permits = newBatch(deps.ids);
    }
    try {
      for (let next = unwritten[0]; next !== undefined; next = unwritten[0]) {
        await writeBatch(deps, next);
        unwritten.shift();
      }
    } catch (error) {
      deps.failed(error);
    }
  };
  const flush = (): Promise<void> => {
    batching ??= batch().finally(() => {
      batching = undefined;
    });
    return batching;
  };
  const timer = setInterval(() => void flush(), deps.batchMilliseconds ?? 1000);
  return {
    keep: (entry) =>
      new Promise((done, failed) => {
        queue.push({ entry, done, failed });
        writing ??= writeQueued().finally(() => {
          writing = undefined;
        });
      }),
    add(entry) {
      const waiting = unwritten.reduce((sum, { count }) => sum + count, permits.count);
      const oldest = unwritten[0]?.from ?? (permits.count > 0 ? permits.from : undefined);
      const waited = oldest === undefined ? 0 : clock.now().getTime() - oldest;
      if (waiting >= mostWaiting || waited > mostWaitingSeconds * 1000) return false;
      take(permits, entry);
      return true;
    },
    flush,
    close: async () => {
      clearInterval(timer);
      await writing;
      await batching;
      await flush();
    },
  };
}

const gate = { kind: 'system', id: 'system', name: 'gate' } as const;

async function writeTogether({ records, ledger }: LogDeps, entries: readonly DecisionEntry[]): Promise<void> {
  await records.transaction(access, async (tx) => {
    await insertDecisions(tx, entries);
    await ledger.recordMany(tx, entries.map(ledgerEntryOf));
  });
}

function ledgerEntryOf(entry: DecisionEntry) {
  if (!isKeptFirst(entry)) throw new TypeError('an ordinary permit goes into a batch');
  const facts: { [name: string]: Json } = {
    subject: entry.subject,
    action: entry.action,
    resource: `${entry.resourceType}/${entry.resourceId}`,
    policyVersion: entry.policyVersion,
    factsHash: entry.factsHash,
    // Codes only: what is known of a person stays with the decision.
    reasons: entry.reasons.map(({ gate: id, code }) => (id === code ? id : `${id}: ${code}`)),
    askedBy: entry.callerName,
  };
  return {
    actor: gate,
    action: entry.permitted ? 'decision.permitted' : 'decision.denied',
    subject: `decision/${entry.id}`,
    tenancy: entry.tenancy === '' ? undefined : entry.tenancy,
    facts,
  };
}

/** Permits of one second: each is written and hashed as it comes, so that nobody waits for a thousand of them at once. */
type Batch = {
  readonly id: string;
  count: number;
  from: number;
  until: number;
  /** Whole pieces, and the one that is being filled. */
  readonly lines: Buffer[];
  piece: Buffer;
  filled: number;
  readonly hash: Hash;
  readonly organisations: Set<string>;
  readonly subjects: Set<string>;
  readonly actions: Set<string>;
  /** Compressed, and their hash: once, however often it is tried to write it. */
  done?: { readonly body: Buffer; readonly sha256: string };
};

/** Few large pieces instead of a thousand small ones: there is less to put together, and less to clear away. */
const pieceBytes = 1024 * 1024;

const newBatch = (ids: Ids): Batch => ({
  id: ids.uuid(),
  count: 0,
  from: Number.POSITIVE_INFINITY,
  until: Number.NEGATIVE_INFINITY,
  lines: [],
  piece: Buffer.alloc(0),
  filled: 0,
  hash: createHash('sha256'),
  organisations: new Set(),
  subjects: new Set(),
  actions: new Set(),
});

function take(batch: Batch, entry: DecisionEntry): void {
  const text = lineOf(entry);
  // At most three bytes a character: what is left is room enough, or a new piece is begun.
  if (batch.piece.length - batch.filled < text.length * 3) {
    if (batch.filled > 0) batch.lines.push(batch.piece.subarray(0, batch.filled));
    batch.piece = Buffer.allocUnsafe(Math.max(pieceBytes, text.length * 3));
    batch.filled = 0;
  }
  const from = batch.filled;
  batch.filled += batch.piece.write(text, from);
  batch.hash.update(batch.piece.subarray(from, batch.filled));
  const at = entry.at.getTime();
  batch.count++;
  batch.from = Math.min(batch.from, at);
  batch.until = Math.max(batch.until, at);
  batch.organisations.add(entry.organisation).add(entry.subjectOrganisation);
  batch.subjects.add(entry.subject).add(entry.subjectName);
  batch.actions.add(entry.action);
}

const compress = promisify(zstdCompress);
const decompressions = { zstd: promisify(zstdDecompress), gzip: promisify(gunzip) };
const mostBatchBytes = 512 * 1024 * 1024;

async function writeBatch({ records, ledger }: LogDeps, batch: Batch): Promise<void> {
  const { id, count } = batch;
  batch.done ??= {
    body: await compress(Buffer.concat([...batch.lines, batch.piece.subarray(0, batch.filled)])),
    sha256: batch.hash.digest('hex'),
  };
  const { body, sha256 } = batch.done;
  const [fromAt, untilAt] = [new Date(batch.from), new Date(batch.until)];
  await records.transaction(access, async (tx) => {
    await insertBatch(tx, {
      id,
      fromAt,
      untilAt,
      count,
      sha256,
      organisations: [...batch.organisations],
      subjects: [...batch.subjects],
      actions: [...batch.actions],
      body,
    });
    await ledger.record(tx, {
      actor: gate,
      action: 'decision.batch',
      subject: `decisions/${id}`,
      facts: { permits: count, sha256, from: fromAt.toISOString(), until: untilAt.toISOString() },
    });
  });
}

/** Of before are gzip's: each says itself what it is. */
const formatOf = (body: Buffer): 'gzip' | 'zstd' => (body[0] === 0x1f && body[1] === 0x8b ? 'gzip' : 'zstd');

/** @throws {Error} when the lines are not those whose hash was kept */
export async function linesOf({ sha256, body }: { sha256: string; body: Buffer }): Promise<DecisionEntry[]> {
  const lines = await decompressions[formatOf(body)](body, { maxOutputLength: mostBatchBytes });
  if (createHash('sha256').update(lines).digest('hex') !== sha256)
    throw new Error('a batch of decisions is not what was hashed into the ledger');
  return lines
    .toString()
    .split('\n')
    .filter((text) => text !== '')
    .map(entryOfLine);
}
