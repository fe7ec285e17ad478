import type { SourceId } from '#platform/scope';
import type { DoorCount } from './store-counts.ts';

export type DoorNote = Partial<Omit<DoorCount, 'source'>>;

/**
 * Counts of the doors that are not yet in the records: written once a second, so that a flood of refusals costs one
 * statement. A crash loses at most that second of them; what was received, stored and rejected is never counted here.
 */
export function tally(): {
  note(source: SourceId, note: DoorNote): void;
  of(source: SourceId): DoorCount;
  /** Hands over all counts; `restore` takes them back when they could not be written. */
  take(): DoorCount[];
  restore(counts: readonly DoorCount[]): void;
} {
  let counts = new Map<SourceId, DoorCount>();
  const none = (source: SourceId): DoorCount => ({ source, doorRejected: 0, duplicates: 0, refused: 0 });
  function note(source: SourceId, { doorRejected = 0, duplicates = 0, refused = 0 }: DoorNote): void {
    const before = counts.get(source) ?? none(source);
    counts.set(source, {
      source,
      doorRejected: before.doorRejected + doorRejected,
      duplicates: before.duplicates + duplicates,
      refused: before.refused + refused,
    });
  }
  return {
    note,
    of: (source) => counts.get(source) ?? none(source),
    take() {
      const taken = [...counts.values()];
      counts = new Map();
      return taken;
    },
    restore(taken) {
      for (const count of taken) note(count.source, count);
    },
  };
}

/** Items a second over the last minute, from readings of a counter that only grows. */
export function rates(): {
  read(source: SourceId, total: number, at: number): void;
  of(source: SourceId): number;
} {
  const readings = new Map<SourceId, { total: number; at: number }[]>();
  const windowMilliseconds = 60_000;
  return {
    read(source, total, at) {
      const own = readings.get(source) ?? [];
      own.push({ total, at });
      while (own.length > 2 && at - (own[0]?.at ?? at) > windowMilliseconds) own.shift();
      readings.set(source, own);
    },
    of(source) {
      const own = readings.get(source) ?? [];
      const first = own[0];
      const last = own.at(-1);
      if (first === undefined || last === undefined || last.at <= first.at) return 0;
      return ((last.total - first.total) * 1000) / (last.at - first.at);
    },
  };
}
