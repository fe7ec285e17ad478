import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
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
  let permits: DecisionEntry[] = [];
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
    const taken = permits;
    if (taken.length === 0) return;
    permits = [];
    try {
      await writeBatch(deps, taken);
    } catch (error) {
      permits = [...taken, ...permits];
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
      const oldest = permits[0];
      const waited = oldest === undefined ? 0 : clock.now().getTime() - oldest.at.getTime();
      if (permits.length >= mostWaiting || waited > mostWaitingSeconds * 1000) return false;
      permits.push(entry);
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

const compress = promisify(gzip);
const decompress = promisify(gunzip);
const mostBatchBytes = 512 * 1024 * 1024;

async function writeBatch(
  { records, ledger, ids }: LogDeps,
  entries: readonly DecisionEntry[],
): Promise<void> {
  const lines = Buffer.from(entries.map(lineOf).join(''));
  const distinct = (of: (entry: DecisionEntry) => readonly string[]): string[] => [
    ...new Set(entries.flatMap(of)),
  ];
  const sha256 = createHash('sha256').update(lines).digest('hex');
  const id = ids.uuid();
  const body = await compress(lines, { level: 1 });
  const times = entries.map(({ at }) => at.getTime());
  const earliest = times.reduce((a, b) => Math.min(a, b));
  const latest = times.reduce((a, b) => Math.max(a, b));
  await records.transaction(access, async (tx) => {
    await insertBatch(tx, {
      id,
      fromAt: new Date(earliest),
      untilAt: new Date(latest),
      count: entries.length,
      sha256,
      organisations: distinct((one) => [one.organisation, one.subjectOrganisation]),
      subjects: distinct((one) => [one.subject, one.subjectName]),
      actions: distinct((one) => [one.action]),
      body,
    });
    await ledger.record(tx, {
      actor: gate,
      action: 'decision.batch',
      subject: `decisions/${id}`,
      facts: {
        permits: entries.length,
        sha256,
        from: new Date(earliest).toISOString(),
        until: new Date(latest).toISOString(),
      },
    });
  });
}

/** @throws {Error} when the lines are not those whose hash was kept */
export async function linesOf({ sha256, body }: { sha256: string; body: Buffer }): Promise<DecisionEntry[]> {
  const lines = await decompress(body, { maxOutputLength: mostBatchBytes });
  if (createHash('sha256').update(lines).digest('hex') !== sha256)
    throw new Error('a batch of decisions is not what was hashed into the ledger');
  return lines
    .toString()
    .split('\n')
    .filter((text) => text !== '')
    .map(entryOfLine);
}
