import type { PlannedChangeView } from '#contract/community/planned-changes';
import type { Health } from '../../parts/marks.tsx';

export const riskWord = { low: 'Low', medium: 'Medium', high: 'High' } as const;
export const outcomeWord = { done: 'Done', 'backed-out': 'Backed out', 'not-done': 'Not done' } as const;

/** How a change stands, with its mark: what may be done now is told from what was approved for another time. */
export function standing(one: PlannedChangeView): { state: Health; word: string } {
  if (one.state === 'draft') return { state: 'unknown', word: 'Waits for an approval' };
  if (one.state === 'rejected') return { state: 'failing', word: 'Rejected' };
  if (one.state === 'closed')
    return {
      state: one.outcome === 'done' ? 'healthy' : 'degraded',
      word: one.outcome === null ? 'Closed' : outcomeWord[one.outcome],
    };
  return one.open
    ? { state: 'healthy', word: 'Approved, open now' }
    : { state: 'degraded', word: 'Approved, not open now' };
}
