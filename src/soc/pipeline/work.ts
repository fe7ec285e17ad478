import { type BatchOutcome, WorkerLost } from '#soc/detect';
import { halve, itemsOf, type Piece, refused, toInput } from './batch.ts';
import type { BatchInput } from '#soc/detect';

export type Run = (make: () => BatchInput) => Promise<BatchOutcome>;

/**
 * Works the pieces and stores what comes of them. What ends a worker, or what the event store will never take, is searched
 * for by halves until the single item is found; that item is rejected with its reason, all others go their way.
 * @param keep stores an outcome's block. @throws whatever is not this block's fault goes through
 * @param blames says of an error of `keep` whether the block is at fault
 * @returns outcomes in order of the items, their blocks stored
 */
export async function workThrough(
  run: Run,
  keep: (outcome: BatchOutcome, pieces: readonly Piece[]) => Promise<void>,
  blames: (error: unknown) => boolean,
  pieces: readonly Piece[],
  first: Promise<BatchOutcome>,
): Promise<BatchOutcome[]> {
  let code: 'poisoned' | 'not-storable' = 'poisoned';
  let reason: string;
  try {
    const outcome = await first;
    code = 'not-storable';
    await keep(outcome, pieces);
    return [outcome];
  } catch (error) {
    if (code === 'poisoned' ? !(error instanceof WorkerLost) : !blames(error)) throw error;
    reason = error instanceof Error ? error.message : String(error);
  }
  const [only] = pieces;
  if (itemsOf(pieces) <= 1) return only === undefined ? [] : [refused(only, code, reason.slice(0, 300))];
  const outcomes: BatchOutcome[] = [];
  for (const half of halve(pieces)) {
    outcomes.push(
      ...(await workThrough(
        run,
        keep,
        blames,
        half,
        run(() => toInput(half)),
      )),
    );
  }
  return outcomes;
}
