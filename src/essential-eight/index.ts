/**
 * How mature an environment is by the Essential Eight, from how its ISM controls stand: level by strategy, what is
 * missing and what nobody knows. Brings the evaluators and importers that judge these controls from real evidence.
 * Not here: who answers for a control (governance/controls), how evidence is kept (governance/evidence).
 * INVARIANT: unknown never counts as met; a control made better never lowers a level.
 */
export { standingAlone, standingAnswered } from './alone.ts';
export { askedEvents, type CountedEvents, factOfEvents, hostsOfInventory } from './collected.ts';
export { essentialEightEvaluators } from './evaluators/all.ts';
export { gapsOf } from './gap.ts';
export { essentialEightImporters } from './importers/all.ts';
export { essentialEightKinds } from './kinds.ts';
export { loadTable } from './load.ts';
export { type Maturity, maturity } from './maturity.ts';
export { essentialEightRoutes } from './routes.ts';
export { type ControlStanding, type EssentialEightDeps, maturityOf, recordMaturity } from './service.ts';
export { strategies, type StrategyId } from './strategy.ts';
