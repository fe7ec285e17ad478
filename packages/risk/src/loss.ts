import { normalQuantile } from './beta.ts';
import type { RiskEngine } from './engine.ts';
import { sortedAt } from './interval.ts';
import { type Asset, dimensions, type RiskParameters, type Value } from './model.ts';
import { bitsAt, keyOf } from './random.ts';

/** AUD within the horizon. */
export type LossDistribution = {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  /** Loss exceedance: the probability that more than `loss` is lost. */
  readonly exceedance: readonly { readonly loss: number; readonly probability: number }[];
};

/** Between its ends lie 90 in 100 losses. */
export const spanOf = (value: Value, parameters: RiskParameters): { low: number; high: number } =>
  typeof value === 'number' ? (parameters.bands[value - 1] ?? { low: 1, high: 1 }) : value;

/** SOURCE: the standard normal's 95 % quantile. */
const z95 = 1.6448536269514722;
const quantileSteps = 4096;
/** The normal at the middle of 4,096 equal slices: a loss is drawn by looking up 12 of its bits. */
const normals = Float64Array.from({ length: quantileSteps }, (_, i) =>
  normalQuantile((i + 0.5) / quantileSteps),
);

/** What one loss costs: lognormal between the value's ends. Its mean is above the middle. */
export function magnitude({ low, high }: { low: number; high: number }): {
  mu: number;
  sigma: number;
  mean: number;
} {
  const mu = (Math.log(low) + Math.log(high)) / 2;
  const sigma = (Math.log(high) - Math.log(low)) / (2 * z95);
  return { mu, sigma, mean: Math.exp(mu + (sigma * sigma) / 2) };
}

/** The losses of every draw, added over assets and dimensions in the order of their ids. */
export function losses(engine: RiskEngine, assets: readonly Asset[]): Float64Array {
  const total = new Float64Array(engine.draws.count);
  const row = new Int32Array(engine.draws.worlds * engine.draws.words);
  for (const asset of assets) {
    const node = engine.elements.index.get(asset.id);
    if (node === undefined) continue;
    for (const [d, dimension] of dimensions.entries()) {
      const value = asset.values?.[dimension];
      if (value === undefined) continue;
      const { mu, sigma } = magnitude(spanOf(value, engine.elements.parameters));
      const key = keyOf(engine.seed, `loss/${dimension}`, asset.id);
      const costs = normals.map((z) => Math.exp(mu + sigma * z));
      engine.layer('worlds').lost[d]?.read(node, row);
      for (let word = 0; word < row.length; word++) {
        for (let lanes = row[word] ?? 0; lanes !== 0; lanes &= lanes - 1) {
          const draw = word * 32 + (31 - Math.clz32(lanes & -lanes));
          const cost = costs[bitsAt(key.low, key.high, draw) >>> 20] ?? 0;
          total[draw] = (total[draw] ?? 0) + cost;
        }
      }
    }
  }
  return total;
}

export function distributionOf(total: Float64Array): LossDistribution {
  const sorted = [...total].sort((a, b) => a - b);
  const at = (u: number): number => Math.round(sortedAt(sorted, u));
  let sum = 0;
  for (const one of total) sum += one;
  const points = exceedanceAt.map((probability) => ({ loss: at(1 - probability), probability }));
  return {
    mean: Math.round(sum / Math.max(1, total.length)),
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    exceedance: points.filter(({ loss }) => loss > 0),
  };
}
const exceedanceAt = [
  0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.075, 0.05, 0.025, 0.01, 0.005, 0.001,
];
