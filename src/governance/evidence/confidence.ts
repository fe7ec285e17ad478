import { confidence, type Confidence } from '#contract/governance';

/** The weakest of them. INVARIANT: a ceiling is never raised. */
export function weakest(first: Confidence, ...rest: readonly Confidence[]): Confidence {
  const order = confidence.options;
  return rest.reduce((low, one) => (order.indexOf(one) > order.indexOf(low) ? one : low), first);
}
