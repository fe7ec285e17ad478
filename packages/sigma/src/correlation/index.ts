/**
 * Detections in, correlations out: counts, distinct values, sums, order, over sliding windows of the events' own time.
 * Not the place for matching events (that is the matcher's) or for alerts and their grouping (the product's).
 * INVARIANT: the state of a tenancy is bounded, and whatever the bound cost is in its counters.
 */
export {
  type CorrelationOptions,
  type Correlator,
  correlate,
  defaultCorrelationOptions,
  type Fired,
} from './engine.ts';
export type { Counters as CorrelationCounters } from './groups.ts';
export { parseCorrelations } from './parse.ts';
export type { CorrelationRule, CorrelationType } from './rule.ts';
export type { CorrelationState } from './state.ts';
