import type { Frame, Position } from '#platform/spool';
import type { Batch, Piece } from './batch.ts';

export type BatchLimits = {
  readonly items: number;
  readonly bytes: number;
  /** A batch goes out at the latest this long after its first frame came. */
  readonly windowMilliseconds: number;
};

type Read = { readonly frame: Frame; readonly end: Position };

/**
 * Gathers frames into batches, in order. A frame is never divided: one above the limits is a batch by itself.
 * @param prepare turns frames into pieces (facts of the source, what is stored already)
 */
export async function* assemble(
  frames: AsyncIterable<Read>,
  limits: BatchLimits,
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
      const dueMs = performance.now() + limits.windowMilliseconds;
      while (items < limits.items && bytes < limits.bytes) {
        next ??= reader.next();
        const more = await within(next, dueMs - performance.now());
        if (more === undefined || more.done) break;
        next = undefined;
        taken.push(more.value);
        items += more.value.frame.items.length;
        bytes += sizeOf(more.value.frame);
      }
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

/** @returns undefined when the time is up first; the promise is then still to be awaited */
async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, Math.max(milliseconds, 0), undefined);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
