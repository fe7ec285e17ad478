import { TlogError, toBase64 } from '@ironbark/tlog';
import type { Clock } from '#platform/clock';
import { Invalid, NotAllowed, NotFound } from '#platform/errors';
import type { Routes } from '#platform/http';
import type { Records } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { z } from 'zod';
import {
  consistencyProof,
  consistencyQuery,
  erased,
  erasure,
  inclusionProof,
  inclusionQuery,
  type LedgerEntry,
  type LedgerLog,
  ledgerLog,
  ledgerPage,
  ledgerQuery,
  ledgerReceipt,
  ledgerVerification,
} from './contract.ts';
import type { Entry } from './entry.ts';
import { eraseEntry } from './erase.ts';
import { isUuid } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { createLogReader, type LogReader } from './log-reader.ts';
import { tileRoutes } from './routes-tiles.ts';
import type { LogRunner } from './runner.ts';
import { readEntries, readEntry } from './store.ts';
import { logKeys, waiting } from './store-log.ts';
import { verifyLedger } from './verify.ts';

export type LedgerRouteDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ledger: Ledger;
  /** Left out where nothing gives entries their place (tests of other modules). */
  readonly runner?: Pick<LogRunner, 'status'> | undefined;
};

const tags = ['ledger'];
const read = { permission: 'ledger.read' } as const;
const access = systemAccess('read the ledger');

/** The community's own entries are the provider's to see; others see those of their tenancies. */
const seenBy = (actor: { ofProvider: boolean; scope: { tenancies: readonly string[] } }) =>
  actor.ofProvider ? undefined : actor.scope.tenancies;

export const ledgerRoutes =
  (deps: LedgerRouteDeps): Routes =>
  async (http) => {
    const { records } = deps;
    const reader = createLogReader({ records });
    await http.register(tileRoutes(reader));
    http.get(
      '/api/ledger',
      {
        config: read,
        schema: {
          summary: 'Who did what, newest first',
          tags,
          querystring: ledgerQuery,
          response: { 200: ledgerPage },
        },
      },
      async ({ actor, query }) => {
        const entries = await records.transaction(actor.ofProvider ? access : actor.scope, (tx) =>
          readEntries(tx, { ...query, tenancies: seenBy(actor) }),
        );
        const last = entries.at(-1);
        return {
          entries: entries.map(shown),
          next: entries.length === query.limit && last !== undefined ? last.sequence : null,
        };
      },
    );
    http.get(
      '/api/ledger/verification',
      {
        config: read,
        schema: {
          summary: 'Work the whole log out anew from its entries',
          tags,
          response: { 200: ledgerVerification },
        },
      },
      async ({ actor }) => {
        if (!actor.ofProvider) throw new NotAllowed('ledger.read of the provider');
        return verifyLedger(records);
      },
    );
    http.get(
      '/api/ledger/log',
      {
        config: read,
        schema: {
          summary: "The log's keys, checkpoint, lag and witnesses",
          tags,
          response: { 200: ledgerLog },
        },
      },
      () => logState(deps, reader),
    );
    http.get(
      '/api/ledger/entries/:id/receipt',
      {
        config: read,
        schema: {
          summary: 'Proof that an entry is in the log, to be checked without this system',
          tags,
          params: z.object({ id: z.string().max(100) }),
          response: { 200: ledgerReceipt },
        },
      },
      async ({ actor, params: { id } }) => {
        const seen =
          isUuid(id) &&
          (await records.transaction(actor.ofProvider ? access : actor.scope, (tx) =>
            readEntry(tx, id, seenBy(actor)),
          ));
        const receipt = seen ? await deps.ledger.receipt(id) : undefined;
        if (receipt === undefined) throw new NotFound('entry with a place in the log', id);
        return receipt;
      },
    );
    http.post(
      '/api/ledger/entries/:id/erase',
      {
        config: { permission: 'user.manage' },
        schema: {
          summary: 'Remove the readable part of an entry for ever; its leaf and all proofs stay',
          tags,
          params: z.object({ id: z.string().max(100) }),
          body: erasure,
          response: { 200: erased },
        },
      },
      async ({ actor, params, body }) => {
        if (!actor.ofProvider) throw new NotAllowed('user.manage of the provider');
        return eraseEntry(deps, actor, params.id, body.reason);
      },
    );
    http.get(
      '/api/ledger/proof/inclusion',
      {
        config: read,
        schema: {
          summary: 'That the entry at a place is in the log of a size',
          tags,
          querystring: inclusionQuery,
          response: { 200: inclusionProof },
        },
      },
      async ({ query }) => {
        const size = await sizeOf(reader, query.size);
        const hashes = await proofOf(() => reader.inclusion(query.index, size));
        return { index: query.index, size, hashes };
      },
    );
    http.get(
      '/api/ledger/proof/consistency',
      {
        config: read,
        schema: {
          summary: 'That the log of one size is the beginning of the log of another',
          tags,
          querystring: consistencyQuery,
          response: { 200: consistencyProof },
        },
      },
      async ({ query }) => {
        const to = await sizeOf(reader, query.to);
        return { from: query.from, to, hashes: await proofOf(() => reader.consistency(query.from, to)) };
      },
    );
  };

/** The size asked for, or that of the newest checkpoint. @throws {Invalid} beyond the log */
async function sizeOf(reader: LogReader, asked: number | undefined): Promise<number> {
  const size = await reader.size();
  const wanted = asked ?? (await reader.checkpoint())?.size ?? 0;
  if (wanted > size || wanted === 0) throw new Invalid(`The log has ${size} entries.`, { size });
  return wanted;
}

/** What can't be proven is refused at once or later, and both are the caller's mistake. @throws {Invalid} */
async function proofOf(prove: () => Promise<readonly Uint8Array[]>): Promise<string[]> {
  try {
    return (await prove()).map(toBase64);
  } catch (error) {
    if (error instanceof TlogError) throw new Invalid(`No such proof: ${error.message}.`, {}, error);
    throw error;
  }
}

async function logState({ records, clock, runner }: LedgerRouteDeps, reader: LogReader): Promise<LedgerLog> {
  const [status, checkpoint, size] = [await runner?.status(), await reader.checkpoint(), await reader.size()];
  const { keys, queue } = await records.transaction(access, async (tx) => ({
    keys: await logKeys(tx),
    queue: await waiting(tx),
  }));
  const since = queue.since?.getTime() ?? clock.now().getTime();
  return {
    origin: status?.origin ?? checkpoint?.note.split('\n', 1)[0] ?? null,
    keys: keys.map(({ vkey, since_size, at }) => ({ vkey, sinceSize: since_size, at: at.toISOString() })),
    size,
    waiting: queue.count,
    lagSeconds: Math.max(0, (clock.now().getTime() - since) / 1000),
    checkpoint: checkpoint
      ? {
          size: checkpoint.size,
          root: checkpoint.root.toString('base64'),
          at: checkpoint.at.toISOString(),
          note: checkpoint.note,
        }
      : null,
    witnesses: (status?.witnesses ?? []).map((one) => ({ ...one, at: one.at?.toISOString() ?? null })),
    state: status?.state ?? 'unknown',
    detail: status?.detail ?? 'Nothing gives entries their place here.',
  };
}

const shown = (entry: Entry): LedgerEntry => ({ ...entry, at: entry.at.toISOString() });
