import type { Collection } from './evaluator.ts';
import type { EvidenceKind } from './importer.ts';
import { kindOf } from './kinds.ts';

/** From the very second of its expiry on it counts no more. */
export const isExpired = (collection: Pick<Collection, 'expiresAt'>, now: Date): boolean =>
  now >= collection.expiresAt;

/**
 * The collections that count at `now`, oldest first. Of a snapshot kind only the newest of each source counts; of a stream
 * all do, up from the last one that has expired. When the newest has expired none does: what is older does not come back, and
 * least of all to contradict it. What was collected later than `now` is not known yet.
 */
export function inForce(
  collections: readonly Collection[],
  kinds: readonly EvidenceKind[],
  now: Date,
): readonly Collection[] {
  const known = collections.filter(({ collectedAt }) => collectedAt <= now).sort(byAge);
  const counted = new Map<string, Collection[]>();
  for (const one of known) {
    const key = sourceKey(one);
    if (isExpired(one, now)) counted.set(key, []);
    else if (kindOf(kinds, one.kind).grows === 'stream') (counted.get(key) ?? fresh(counted, key)).push(one);
    else counted.set(key, [one]);
  }
  const counting = new Set([...counted.values()].flat());
  return known.filter((one) => counting.has(one));
}

function fresh(counted: Map<string, Collection[]>, key: string): Collection[] {
  const slices: Collection[] = [];
  counted.set(key, slices);
  return slices;
}

/** Ids are given in the order of arrival. */
function byAge(a: Collection, b: Collection): number {
  return a.collectedAt.getTime() - b.collectedAt.getTime() || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

const sourceKey = ({ kind, source }: Collection): string => JSON.stringify([kind, source]);

export type RunsOut = { readonly at: Date; readonly collection: Collection };

/**
 * When the first source has nothing in force any more: when its newest has expired. Then what was judged from these no
 * longer stands. An older slice of a stream that runs out before only makes the look back shorter.
 *
 * @param collections in force, oldest first
 */
export function runsOut(collections: readonly Collection[]): RunsOut | undefined {
  const newest = new Map(collections.map((one) => [sourceKey(one), one]));
  const first = [...newest.values()].sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime())[0];
  return first === undefined ? undefined : { at: first.expiresAt, collection: first };
}
