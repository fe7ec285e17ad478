/** When live sessions end by a clock that nobody can set. */

export type Watch = {
  /** Looked at again and again: its minutes are over, whatever the clock on the wall says now. */
  isOver(
    session: {
      readonly id: string;
      readonly minutes: number;
      readonly endsAt: Date | null;
    },
    now: Date,
  ): boolean;
  /** What is no longer live is forgotten. */
  keepOnly(ids: ReadonlySet<string>): void;
};

/**
 * A clock that is set back makes no session longer: from the first look on its time runs by `elapsed`, and it is over when either
 * says so.
 * @param elapsed milliseconds since any moment, never going back
 */
export function createWatch(elapsed: () => number): Watch {
  const ends = new Map<string, number>();
  return {
    isOver({ id, minutes, endsAt }, now) {
      if (endsAt === null || now >= endsAt) return true;
      const at = elapsed();
      const known = ends.get(id);
      // Also when the clock was set back before the first look: no session is longer than its minutes.
      const left = Math.min(endsAt.getTime() - now.getTime(), minutes * 60_000);
      const end = known === undefined ? at + left : Math.min(known, at + left);
      ends.set(id, end);
      return at >= end;
    },
    keepOnly(ids) {
      for (const id of ends.keys()) if (!ids.has(id)) ends.delete(id);
    },
  };
}
