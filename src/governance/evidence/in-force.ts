import type { Collection } from './evaluator.ts';
import type { EvidenceKind } from './importer.ts';
import { kindOf } from './kinds.ts';

/** From the very second of its expiry on it counts no more. */
export const isExpired = (collection: Pick<Collection, 'expiresAt'>, now: Date): boolean =>
  now >= collection.expiresAt;

/**
 * The collections that count at `now`, oldest first. Of a snapshot kind only the newest of each source counts, and when
 * that one has expired none does: an older one does not come back. What was collected later than `now` is not known yet.
 */
export function inForce(
  collections: readonly Collection[],
  kinds: readonly EvidenceKind[],
  now: Date,
): readonly Collection[] {
  const known = collections.filter(({ collectedAt }) => collectedAt <= now).sort(byAge);
  const newest = new Map(known.map((one) => [sourceKey(one), one]));
  return known.filter(
    (one) =>
      !isExpired(one, now) &&
      (kindOf(kinds, one.kind).grows === 'stream' || newest.get(sourceKey(one)) === one),
  );
}

/** Ids are given in the order of arrival. */
function byAge(a: Collection, b: Collection): number {
  return a.collectedAt.getTime() - b.collectedAt.getTime() || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

const sourceKey = ({ kind, source }: Collection): string => JSON.stringify([kind, source]);

export type RunsOut = { readonly at: Date; readonly collection: Collection };

/**
 * When the first source has nothing in force any more: then what was judged from these no longer stands. An older slice
 * of a stream runs out before, and only makes the look back shorter.
 */
export function runsOut(collections: readonly Collection[]): RunsOut | undefined {
  const last = new Map<string, Collection>();
  for (const one of collections) {
    const key = sourceKey(one);
    const before = last.get(key);
    if (before === undefined || one.expiresAt > before.expiresAt) last.set(key, one);
  }
  const first = [...last.values()].sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime())[0];
  return first === undefined ? undefined : { at: first.expiresAt, collection: first };
}
