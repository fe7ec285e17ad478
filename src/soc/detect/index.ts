/**
 * Runs rules over the stream: worker threads that parse, recognise, match and normalise batches of items.
 * Not here: where batches come from and go to (soc/pipeline), rule packs and their history, what an alert is (soc/triage).
 * INVARIANT: a batch is worked by one rule set, and says which.
 */
export { LookCosts } from './look-costs.ts';
export { streamPipelines } from './pipelines.ts';
export { type PoolOptions, WorkerLost, WorkerPool } from './pool.ts';
export type {
  LoadedRules,
  BaseHit,
  BatchInput,
  BatchOutcome,
  Exception,
  FrameSlice,
  Hit,
  Reject,
  RejectCode,
  RuleFactsOut,
  RuleInput,
  RuleText,
  SourceCount,
} from './protocol.ts';
export { routes as ruleRoutes } from './routes.ts';
export { ruleKind } from './rule-kind.ts';
export { createRules, type RuleKeeper, type Rules, type RulesDeps, type RunningRules } from './service.ts';
