import { setTimeout as pause } from 'node:timers/promises';
import type { Frame, Position } from '#platform/spool';
import type { Batch, Piece } from './batch.ts';

export type BatchLimits = {
  readonly items: number;
  readonly bytes: number;
  /** A batch waits this long for more after its first frame came; longer only while there is no turn for it. */
  readonly windowMilliseconds: number;
};

type Read = { readonly frame: Frame; readonly end: Position };

/**
 * Gathers frames into batches, in order. A frame is never divided: one above the limits is a batch by itself.
 * A batch grows for as long as nothing can take it: the more events are stored together the less each costs, so that the
 * busier it is, the cheaper an event gets.
 * @param turn resolves when a batch can be taken; asked once a batch
 * @param prepare turns frames into pieces (facts of the source, what is stored already)
 */
export async function* assemble(
  frames: AsyncIterable<Read>,
  limits: BatchLimits,
  turn: () => Promise<void>,
  prepare: (frames: readonly Frame[]) => Promise<readonly Piece[]>,
): AsyncGenerator<Batch> {
  const reader = frames[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<Read>> | undefined;
  try {
    for (;;) {
      next ??= reader.next();
      const first = await next;
      next = undefined;
      if (first.done) return;
      const taken: Read[] = [first.value];
      let items = first.value.frame.items.length;
      let bytes = sizeOf(first.value.frame);
      const mine = turn();
      const due = Promise.all([mine, pause(limits.windowMilliseconds)]).then(() => undefined);
      due.catch(() => undefined);
      while (items < limits.items && bytes < limits.bytes) {
        next ??= reader.next();
        const more = await Promise.race([next, due]);
        if (more === undefined || more.done) break;
        next = undefined;
        taken.push(more.value);
        items += more.value.frame.items.length;
        bytes += sizeOf(more.value.frame);
      }
      await mine;
      const last = taken.at(-1) ?? first.value;
      yield {
        pieces: await prepare(taken.map(({ frame }) => frame)),
        end: last.end,
        items,
        oldestReceivedMs: Math.min(...taken.map(({ frame }) => frame.receivedAt.getTime())),
      };
    }
  } finally {
    await reader.return?.();
  }
}

function sizeOf(frame: Frame): number {
  let size = 0;
  for (const item of frame.items) size += item.length;
  return size;
}
