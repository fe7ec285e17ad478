import { type Causes, causesOf } from './causes.ts';
import { type EngineOptions, RiskEngine } from './engine.ts';
import type { RiskModel } from './model.ts';
import { type RiskSummary, summarise } from './result.ts';
import { rank, type RankedTreatment, treatments } from './treatments.ts';

/** A whole answer: format `ironbark-risk-result-1`. */
export type RiskResult = Omit<RiskSummary, 'format'> & {
  readonly format: 'ironbark-risk-result-1';
  /** Of the gravest outcomes. */
  readonly causes: readonly Causes[];
  readonly treatments: readonly RankedTreatment[];
};

export type EvaluateOptions = EngineOptions & {
  /** How many of the gravest outcomes are explained. */
  readonly explained?: number;
  /** How many fixes are tried, besides every control that is not effective. */
  readonly tried?: number;
};

/**
 * One model, one answer. The same model, seed and draws give the same answer to the last digit, in whatever order the
 * model's lists are.
 * @throws {InvalidModel}
 */
export const evaluate = (model: RiskModel, options: EvaluateOptions = {}): RiskResult =>
  explain(new RiskEngine(model, options), options);

/** The answer of an engine as it stands. */
export function explain(
  engine: RiskEngine,
  { explained = 10, tried = 20 }: EvaluateOptions = {},
): RiskResult {
  const summary = summarise(engine);
  const gravest = summary.outcomes
    .filter(({ probability }) => probability > 0)
    .sort((a, b) => b.expectedLoss - a.expectedLoss || b.probability - a.probability)
    .slice(0, explained);
  return {
    ...summary,
    format: 'ironbark-risk-result-1',
    causes: gravest.map(({ asset, dimension }) => causesOf(engine, asset, dimension)),
    treatments: rank(engine, treatments(engine, { most: tried })),
  };
}
