import type { PlannedChangeView } from '#contract/community/planned-changes';

/** A change in a few lines. */
export const changeLines = (one: PlannedChangeView): string[] => [
  `${one.id}: ${one.title} (${one.environment}, risk ${one.risk}, ${one.state}${one.open ? ', open now' : ''})`,
  `  from ${one.from} until ${one.until}, asked for by ${one.requestedBy.name}`,
  ...(one.emergencyReason === null ? [] : [`  emergency: ${one.emergencyReason}`]),
  ...(one.decidedBy === null ? [] : [`  ${one.decidedBy.name}: ${one.decisionNote ?? ''}`]),
  ...(one.outcome === null ? [] : [`  ${one.outcome}: ${one.outcomeNote ?? ''}`]),
];
