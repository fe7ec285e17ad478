import { quantile } from './beta.ts';
import type { Draws } from './draws.ts';
import type { WorldCounts } from './engine.ts';

export type Interval = {
  readonly probability: number;
  /** 5 and 95 per cent of what the probability may be, given what is not known of controls and likelihoods. */
  readonly low: number;
  readonly high: number;
  /** Of `probability`, by the number of draws and of worlds; rather too large than too small. */
  readonly standardError: number;
};

/** With fewer lost draws in a world than this, worlds differ by steps too coarse to read quantiles off. */
const readable = 24;

/**
 * The probability is the share of all draws. Its interval is about knowledge, not about luck: each world is compared
 * with the same draws under the expected controls, so what is left between them is the controls' doing. The luck that
 * remains in a world's few draws is measured and taken out of the spread (analysis of variance).
 */
export function intervalOf(counts: WorldCounts, { worlds, words, count }: Draws): Interval {
  const inWorld = words * 32;
  const differences: number[] = [];
  let lost = 0;
  let noise = 0;
  for (let world = 0; world < worlds; world++) {
    lost += counts.lost[world] ?? 0;
    const more = (counts.more[world] ?? 0) / inWorld;
    const fewer = (counts.fewer[world] ?? 0) / inWorld;
    const difference = more - fewer;
    differences.push(difference);
    noise += (more + fewer - difference * difference) / (inWorld - 1);
  }
  const probability = lost / count;
  const mean = differences.reduce((sum, one) => sum + one, 0) / worlds;
  const seen = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (worlds - 1);
  const known = Math.max(0, seen - noise / worlds);
  const standardError = Math.sqrt((probability * (1 - probability)) / count + known / worlds);
  if (known === 0) return { probability, low: probability, high: probability, standardError };
  if (lost / worlds < readable) return { ...betaInterval(probability, known), standardError };
  differences.sort((a, b) => a - b);
  const shrink = Math.sqrt(known / seen);
  const at = (u: number): number =>
    Math.min(1, Math.max(0, probability + (sortedAt(differences, u) - mean) * shrink));
  return {
    probability,
    low: Math.min(probability, at(0.05)),
    high: Math.max(probability, at(0.95)),
    standardError,
  };
}

/** A Beta distribution of the same mean and variance. */
function betaInterval(probability: number, variance: number): Omit<Interval, 'standardError'> {
  const size = Math.max(0.05, (probability * (1 - probability)) / variance - 1);
  const counts = {
    alpha: Math.max(1e-3, probability * size),
    beta: Math.max(1e-3, (1 - probability) * size),
  };
  return {
    probability,
    low: Math.min(probability, quantile(counts, 0.05)),
    high: Math.max(probability, quantile(counts, 0.95)),
  };
}

/** Between neighbours by a straight line. */
export function sortedAt(sorted: readonly number[], u: number): number {
  const at = u * (sorted.length - 1);
  const from = sorted[Math.floor(at)] ?? 0;
  return from + ((sorted[Math.ceil(at)] ?? from) - from) * (at - Math.floor(at));
}
