import { days } from './days.ts';
import type { ClearanceFacts, ClearanceLevel } from './facts.ts';
import type { Context } from './gate.ts';

/** SOURCE: AGSVA: none < Baseline < NV1 < NV2 < PV. */
const order: readonly ClearanceLevel[] = ['none', 'baseline', 'nv1', 'nv2', 'pv'];

export const atLeast = (held: ClearanceLevel, wanted: ClearanceLevel): boolean =>
  order.indexOf(held) >= order.indexOf(wanted);

/** Undefined for none. */
export const strictest = (levels: readonly ClearanceLevel[]): ClearanceLevel | undefined =>
  levels.toSorted((a, b) => order.indexOf(b) - order.indexOf(a))[0];

/**
 * What keeps a clearance from counting. A passed revalidation date alone does not end it, unless the provider says so.
 * SOURCE: AGSVA: a clearance needs an active sponsor; the yearly confirmation is ours.
 */
export function usable(clearance: ClearanceFacts, { at, parameters }: Context): string | undefined {
  if (clearance.status !== 'active') return `The clearance is ${clearance.status}.`;
  if (!clearance.sponsorActive) return 'The clearance has no active sponsor.';
  const { confirmedAt, revalidationDue } = clearance;
  if (confirmedAt === null) return 'The clearance was never confirmed by a security officer.';
  if (at >= days(confirmedAt, parameters.clearanceConfirmedDays))
    return `The clearance was last confirmed on ${confirmedAt.toISOString()}; ${parameters.clearanceConfirmedDays} days count.`;
  if (parameters.revalidationOverdueDenies && revalidationDue !== null && at >= revalidationDue)
    return `The clearance's revalidation was due on ${revalidationDue.toISOString()}.`;
  return undefined;
}
