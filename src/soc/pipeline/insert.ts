import type { EventStore } from '#platform/events';
import type { BatchOutcome, WorkerPool } from '#soc/detect';
import { itemsOf, type Piece, toInput } from './batch.ts';
import { storedPlaces } from './recover.ts';

/**
 * Inserts a block so that each of its rows is there once. An insert that failed may have been done all the same, whole or
 * in part (the store died before it answered): before the next try the store is asked, and what it has is left out.
 * @param patiently tries again until the store is there
 */
export async function insertOnce(
  events: EventStore,
  pool: Pick<WorkerPool, 'run'>,
  { block }: BatchOutcome,
  pieces: readonly Piece[],
  patiently: (work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  let next = block;
  let first = true;
  // A block is megabytes outside the heap: given back at once and not when the heap is next collected.
  const release = (): void => void next.buffer.transfer(0);
  await patiently(async () => {
    if (!first) {
      const stored = await storedPlaces(
        events,
        pieces.map(({ frame, facts: { tenancy } }) => ({ frame, tenancy })),
      );
      if (stored.size > 0) {
        const rest = pieces.map((piece) => ({ ...piece, stored: stored.get(piece.frame) ?? [] }));
        if (
          rest.every(
            ({ stored: places, from, to }) =>
              places.filter((place) => place >= from && place < to).length === to - from,
          )
        )
          return;
        release();
        next = (await pool.run(() => toInput(rest))).block;
      }
    }
    first = false;
    if (itemsOf(pieces) > 0 && next.length > 0) await events.insert(next);
  }).finally(release);
}
