import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import type { Scope } from '#platform/scope';
import { insertError, queryError } from '../engine-errors.ts';
import { EventStoreFull, EventsUnavailable } from '../errors.ts';
import { readBlock } from '../event-block.ts';
import type { EventQuery, EventStore } from '../events.ts';
import { bindable, refuseWaysAround, unwrap, wrap } from '../guard.ts';
import { sizeOf } from '../size.ts';
import { slots } from '../slots.ts';
import { ChdbChild } from './child.ts';

export type ChdbOptions = {
  /** Ours alone; made when it is not there. */
  readonly folder: string;
  /** Told when the process had to be started again. */
  readonly log?: (message: string) => void;
  /** Queries that run at once; more wait. */
  readonly readers?: number;
};

/** @throws {EventsNewer} {EventsUnavailable} */
export async function openChdb({
  folder,
  log = () => undefined,
  readers = 4,
}: ChdbOptions): Promise<EventStore & { readonly pid: number | undefined }> {
  // Blocks on their way: of no use after a restart, since an insert that was not answered is made again.
  const incoming = `${folder}/incoming`;
  rmSync(incoming, { recursive: true, force: true });
  mkdirSync(incoming, { recursive: true, mode: 0o700 });
  const child = new ChdbChild(`${folder}/chdb`, log);
  const inTurn = slots(readers);
  let blocks = 0;

  const read = async <Row extends object>(
    scope: Scope | 'system',
    query: EventQuery,
    signal?: AbortSignal,
  ): Promise<Row[]> => {
    const { sql, params, maxRows = 10_000, maxSeconds = 10 } = query;
    const nonce = `n_${randomBytes(12).toString('hex')}`;
    signal?.throwIfAborted();
    // The caller has gone by then; a store that is away has nothing to stop.
    const cancel = (): void => void child.call({ kind: 'cancel', read: nonce }).catch(() => undefined);
    signal?.addEventListener('abort', cancel, { once: true });
    const answer = await child
      .call({
        kind: 'read',
        name: nonce,
        scope,
        maxSeconds,
        sql: wrap(sql, nonce, maxRows),
        params: bindable(params),
      })
      .finally(() => signal?.removeEventListener('abort', cancel));
    if (!answer.ok) throw queryError(answer.fault, maxSeconds);
    return unwrap<Row>(answer.answer, nonce, maxRows);
  };

  try {
    await child.ready();
  } catch (error) {
    await child.close();
    throw error;
  }
  return {
    engine: 'chdb',
    get pid() {
      return child.pid;
    },
    insert: async (block) => {
      const { rows, columns, native } = readBlock(block);
      if (rows === 0) return;
      const file = `${incoming}/${++blocks}.native`;
      try {
        await writeFile(file, native).catch((error: NodeJS.ErrnoException) => {
          throw error.code === 'ENOSPC' || error.code === 'EDQUOT'
            ? new EventStoreFull(error)
            : new EventsUnavailable('a block could not be handed over', error);
        });
        const answer = await child.call({ kind: 'insert', file, columns, rows });
        if (!answer.ok) throw insertError(answer.fault);
      } finally {
        await rm(file, { force: true });
      }
    },
    query: async (scope, query, signal) => {
      refuseWaysAround(query.sql);
      return inTurn(() => read(scope, query, signal), signal);
    },
    systemQuery: (query) => read('system', query),
    size: () => sizeOf((query) => read('system', query)),
    close: () => child.close(),
  };
}
