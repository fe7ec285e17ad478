import type { EventStore } from '#platform/events';
import type { Frame } from '#platform/spool';
import { storedSequences } from './store.ts';

type Owned = { readonly frame: Frame; readonly tenancy: string };

/** @returns of each frame that has any, the places of its items that are in the event store. One query per source. */
export async function storedPlaces(
  events: EventStore,
  frames: readonly Owned[],
): Promise<ReadonlyMap<Frame, readonly number[]>> {
  const places = new Map<Frame, readonly number[]>();
  const spans = new Map<string, { tenancy: string; from: number; to: number }>();
  for (const { frame, tenancy } of frames) {
    const span = spans.get(frame.source);
    const last = frame.firstSequence + frame.items.length - 1;
    if (span === undefined) spans.set(frame.source, { tenancy, from: frame.firstSequence, to: last });
    else span.to = Math.max(span.to, last);
  }
  for (const [source, { tenancy, from, to }] of spans) {
    const there = await storedSequences(events, tenancy, source, from, to);
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

  async stored(frames: readonly Owned[]): Promise<ReadonlyMap<Frame, readonly number[]>> {
    if (this.#uncertain <= 0) return new Map();
    for (const { frame } of frames) this.#uncertain -= frame.items.length;
    return storedPlaces(this.#events, frames);
  }
}
