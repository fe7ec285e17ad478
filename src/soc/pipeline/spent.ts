import type { Piece } from './batch.ts';

/** Smaller ones may be part of a pool that others share, and are not worth the trouble. */
const leastBytes = 1024 * 1024;

/**
 * Gives back the memory that frames were read into once nothing needs it: megabytes outside the heap, which would else
 * wait for the heap's next collection.
 * INVARIANT: frames come in the order in which they were read, so that memory which a later batch does not stand in any
 * more is done with; the last a batch stands in may hold the next one's first frame.
 */
export class Spent {
  #held = new Set<ArrayBufferLike>();

  /** @param pieces of the batch that has just been committed; batches in order */
  release(pieces: readonly Piece[]): void {
    const used = new Set<ArrayBufferLike>();
    for (const { frame } of pieces) {
      const memory = frame.items[0]?.buffer;
      if (memory !== undefined && memory.byteLength >= leastBytes) used.add(memory);
    }
    const last = [...used].at(-1);
    for (const memory of new Set([...this.#held, ...used])) {
      if (memory === last) continue;
      if (memory instanceof ArrayBuffer) memory.transfer(0);
      this.#held.delete(memory);
    }
    if (last !== undefined) this.#held.add(last);
  }
}
