import type { EventStore } from '#platform/events';
import type { Frame } from '#platform/spool';
import { storedSequences } from './store.ts';

/**
 * After a crash some batches behind the checkpoint may be in the event store already. Inserts are made in the order of
 * the spool, one at a time, and only so many items are between insert and commit: the first that many items after the
 * checkpoint are asked for, later ones can't be there.
 * INVARIANT: `uncertainItems` is at least what the pipeline ever has between insert and commit.
 */
export class Recovery {
  readonly #events: EventStore;
  #uncertain: number;

  constructor(events: EventStore, uncertainItems: number) {
    this.#events = events;
    this.#uncertain = uncertainItems;
  }

  /** @returns of each frame, the places of its items that are stored. One query per source. */
  async stored(
    frames: readonly { readonly frame: Frame; readonly tenancy: string }[],
  ): Promise<ReadonlyMap<Frame, readonly number[]>> {
    const places = new Map<Frame, readonly number[]>();
    if (this.#uncertain <= 0) return places;
    const spans = new Map<string, { tenancy: string; from: number; to: number }>();
    for (const { frame, tenancy } of frames) {
      this.#uncertain -= frame.items.length;
      const span = spans.get(frame.source);
      const last = frame.firstSequence + frame.items.length - 1;
      if (span === undefined) spans.set(frame.source, { tenancy, from: frame.firstSequence, to: last });
      else span.to = Math.max(span.to, last);
    }
    for (const [source, { tenancy, from, to }] of spans) {
      const there = await storedSequences(this.#events, tenancy, source, from, to);
      if (there.size === 0) continue;
      for (const { frame } of frames) {
        if (frame.source !== source) continue;
        const found = frame.items
          .map((_, place) => place)
          .filter((place) => there.has(frame.firstSequence + place));
        if (found.length > 0) places.set(frame, found);
      }
    }
    return places;
  }
}
