import type { CollectionView } from '#contract/governance/evidence';
import { type Health, HealthMark } from '../../parts/marks.tsx';
import { age, count } from '../../parts/words.ts';

const weekSeconds = 7 * 86_400;

export const left = ({ expiresAt }: CollectionView, now: number): number =>
  (Date.parse(expiresAt) - now) / 1000;

/** In the last fifth of its time, and in the last week. */
export function isSoon(one: CollectionView, now: number): boolean {
  const whole = (Date.parse(one.expiresAt) - Date.parse(one.collectedAt)) / 1000;
  return left(one, now) < Math.min(weekSeconds, whole / 5);
}

export function Stands({ collection, now }: { collection: CollectionView; now: number }) {
  if (collection.state === 'replaced') return <span className="muted">replaced by a newer one</span>;
  const seconds = left(collection, now);
  const [state, word]: [Health, string] =
    seconds <= 0
      ? ['unknown', `expired ${age(-seconds)} ago`]
      : isSoon(collection, now)
        ? ['degraded', `expires in ${age(seconds)}`]
        : ['healthy', `for ${age(seconds)}`];
  return <HealthMark state={state} word={word} />;
}

/** Nobody knowing the whole is shown as that. */
export function Covers({ population }: { population: CollectionView['population'] }) {
  if (population.of === null)
    return (
      <>
        {count(population.covered)} <span className="unknown">of ?</span>
      </>
    );
  const short = population.covered < population.of;
  return (
    <span className={short ? 'high' : undefined}>
      {count(population.covered)} of {count(population.of)}
    </span>
  );
}
