import { createHash } from 'node:crypto';
import type { RiskEngine } from './engine.ts';
import { type Interval, intervalOf } from './interval.ts';
import { ageDays } from './likelihood.ts';
import { distributionOf, type LossDistribution, losses, magnitude, spanOf } from './loss.ts';
import {
  type Asset,
  type Dimension,
  dimensions,
  type RiskModel,
  type RiskParameters,
  type Value,
} from './model.ts';

/** What may happen to one dimension of one information asset within the horizon. */
export type Outcome = Interval & {
  readonly asset: string;
  readonly name: string;
  readonly dimension: Dimension;
  readonly value: Value | null;
  /** AUD within the horizon: the probability times what a loss costs on average. */
  readonly expectedLoss: number;
};

/** How much of what the figures rest on was told, and how old it is. */
export type Basis = {
  readonly assets: number;
  readonly findings: number;
  readonly findingsWithoutEpss: number;
  readonly threats: number;
  readonly controls: number;
  /** Nothing is known of these: their effectiveness is anything from 0 to 1. */
  readonly controlsUnknown: readonly string[];
  /** Days since the oldest and the newest finding was last seen; null where none says. */
  readonly findingAgeDays: { readonly newest: number; readonly oldest: number } | null;
  readonly observationAgeDays: { readonly newest: number; readonly oldest: number } | null;
};

export type RiskSummary = {
  readonly format: 'ironbark-risk-summary-1';
  /** SHA-256 of the model, the same for whatever order its lists are in. */
  readonly model: string;
  readonly seed: number;
  readonly draws: number;
  readonly worlds: number;
  readonly asOf: string;
  readonly parameters: RiskParameters;
  /** Most probable first. */
  readonly outcomes: readonly Outcome[];
  readonly loss: LossDistribution;
  readonly basis: Basis;
};

/** Of an engine as it stands now. */
export function summarise(engine: RiskEngine): RiskSummary {
  const assets = informationAssets(engine);
  const outcomes = assets.flatMap((asset) =>
    dimensions.map((dimension) => outcomeOf(engine, asset, dimension)),
  );
  return {
    format: 'ironbark-risk-summary-1',
    model: modelHash(modelOf(engine)),
    seed: engine.seed,
    draws: engine.draws.count,
    worlds: engine.draws.worlds,
    asOf: engine.elements.asOf,
    parameters: engine.elements.parameters,
    outcomes: outcomes.sort(
      (a, b) =>
        b.probability - a.probability || compare(a.asset, b.asset) || compare(a.dimension, b.dimension),
    ),
    loss: distributionOf(losses(engine, assets)),
    basis: basisOf(engine),
  };
}

/** In the order of their ids, so that sums are the same whatever order they came in. */
export const informationAssets = (engine: RiskEngine): Asset[] =>
  [...engine.elements.assets.values()]
    .filter(({ kind }) => kind === 'information')
    .sort((a, b) => compare(a.id, b.id));

function outcomeOf(engine: RiskEngine, asset: Asset, dimension: Dimension): Outcome {
  const interval = intervalOf(engine.counts(asset.id, dimensions.indexOf(dimension)), engine.draws);
  const value = asset.values?.[dimension] ?? null;
  return {
    asset: asset.id,
    name: asset.name ?? asset.id,
    dimension,
    value,
    ...interval,
    expectedLoss: value === null ? 0 : interval.probability * meanLoss(value, engine.elements.parameters),
  };
}

export const meanLoss = (value: Value, parameters: RiskParameters): number =>
  magnitude(spanOf(value, parameters)).mean;

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function basisOf({ elements }: RiskEngine): Basis {
  const findings = [...elements.findings.values()];
  const controls = [...elements.controls.values()];
  const ages = (moments: Iterable<string | undefined>): Basis['findingAgeDays'] => {
    const known = [...moments].map((at) => ageDays(elements.asOf, at)).filter((age) => age !== undefined);
    if (known.length === 0) return null;
    return {
      newest: known.reduce((least, age) => Math.min(least, age)),
      oldest: known.reduce((most, age) => Math.max(most, age)),
    };
  };
  return {
    assets: elements.assets.size,
    findings: findings.length,
    findingsWithoutEpss: findings.filter(({ epss }) => epss === undefined).length,
    threats: elements.threats.size,
    controls: controls.length,
    controlsUnknown: controls
      .filter(
        ({ status, observed }) => (status === 'No Visibility' || status === 'Not Assessed') && !observed,
      )
      .map(({ id }) => id)
      .sort(),
    findingAgeDays: ages(findings.map(({ asOf }) => asOf)),
    observationAgeDays: ages(controls.map(({ observed }) => observed?.at)),
  };
}

/** The model that an engine holds now. */
export const modelOf = ({ elements }: RiskEngine): RiskModel => ({
  format: 'ironbark-risk-1',
  asOf: elements.asOf,
  parameters: elements.parameters,
  assets: [...elements.assets.values()],
  dependencies: [...elements.dependencies.values()],
  groups: [...elements.groups.values()],
  reach: [...elements.reach.values()],
  findings: [...elements.findings.values()],
  threats: [...elements.threats.values()],
  controls: [...elements.controls.values()],
});

/** SHA-256 in hex. Lists are sets here, and members have no order: only what is said counts. */
export function modelHash(model: RiskModel): string {
  const hash = createHash('sha256');
  for (const [kind, value] of Object.entries(model).sort(([a], [b]) => compare(a, b))) {
    const lines = Array.isArray(value) ? value.map(canonical).sort() : [canonical(value)];
    if (Array.isArray(value) && value.length === 0) continue;
    hash.update(`${kind}\n`);
    for (const line of lines) hash.update(`${line}\n`);
  }
  return hash.digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return `{${Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => compare(a, b))
    .map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`)
    .join(',')}}`;
}
