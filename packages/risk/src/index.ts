/**
 * Risk over an asset graph: what reaches what, through which cause, with which probability and how sure that is.
 * Pure: no I/O, no clock, no randomness but a seed. One invariant: an engine after changes holds the same bits as a new
 * engine of the changed model.
 */
export * from './model.ts';
export { type Causes, type CauseRoot, type CauseSet, type CauseStep, causesOf } from './causes.ts';
export { changesBetween } from './changes.ts';
export { checkModel, modelCaps } from './check.ts';
export type { ModelFault } from './shape.ts';
export type { Change } from './elements.ts';
export { type EngineOptions, InvalidModel, RiskEngine } from './engine.ts';
export { evaluate, type EvaluateOptions, explain, type RiskResult } from './evaluate.ts';
export { exact } from './exact.ts';
export { type Interval, intervalOf } from './interval.ts';
export { effectiveness, exposureOf, findingLikelihood } from './likelihood.ts';
export type { LossDistribution } from './loss.ts';
export { type Basis, modelHash, modelOf, type Outcome, type RiskSummary, summarise } from './result.ts';
export { rank, type RankedTreatment, type Treatment, treatments, whatIf, type Effect } from './treatments.ts';
export {
  bandOf,
  type Cells,
  cellsOf,
  likelihoodRow,
  likelihoodRows,
  type Rating,
  ratingOf,
} from './matrix.ts';
export {
  automatableOf,
  type Decision,
  decide,
  decisionHours,
  decisions,
  type Due,
  dueOf,
  essentialEightHours,
  exploitationOf,
  humanImpacts,
  impactOf,
  type Points,
  systemExposureOf,
} from './ssvc.ts';
export { type Helpers, walkOn, walksDone, walkTogether, type Work, workOf } from './together.ts';
export { Layer, walksIn } from './walk.ts';
