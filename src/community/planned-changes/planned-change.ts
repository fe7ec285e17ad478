import type { ChangeState } from './contract.ts';

/** A change of the platform, as it is kept. */
export type PlannedChange = {
  readonly id: string;
  /** The provider's tenancy of the environment. */
  readonly tenancy: string;
  readonly environment: string;
  readonly title: string;
  readonly plan: string;
  readonly backOut: string;
  readonly risk: 'low' | 'medium' | 'high';
  /** It may be worked on from then, up to and not at `until`. */
  readonly from: Date;
  readonly until: Date;
  readonly emergencyReason: string | null;
  readonly state: ChangeState;
  readonly requestedBy: Who;
  readonly requestedAt: Date;
  readonly decidedBy: Who | null;
  readonly decidedAt: Date | null;
  readonly decisionNote: string | null;
  readonly closedBy: string | null;
  readonly closedAt: Date | null;
  readonly outcome: 'done' | 'backed-out' | 'not-done' | null;
  readonly outcomeNote: string | null;
};

/** `id` is that of the account. */
export type Who = { readonly id: string; readonly name: string };

const hourMilliseconds = 3_600_000;
/** So long at most may a window be: one that is always open schedules nothing. */
export const longestHours = 14 * 24;
export const longestEmergencyHours = 24;

/** What is wrong with a window; undefined when it may be asked for. */
export function windowFault(
  { from, until, emergency }: { from: Date; until: Date; emergency: boolean },
  now: Date,
): string | undefined {
  if (until <= from) return 'The window ends before it begins.';
  if (until <= now) return 'The window is over already.';
  const hours = (until.getTime() - from.getTime()) / hourMilliseconds;
  const most = emergency ? longestEmergencyHours : longestHours;
  if (hours > most)
    return emergency
      ? `An emergency change has a window of at most ${most} hours. Ask for an ordinary change for what can wait.`
      : `A change has a window of at most ${most / 24} days. Make several changes of it.`;
  return undefined;
}

/** Why this one can't be decided on by this person now; undefined when it can. */
export function decisionFault(
  change: Pick<PlannedChange, 'state' | 'requestedBy' | 'until'>,
  decider: string,
  now: Date,
): string | undefined {
  if (change.state !== 'draft') return `The change is ${change.state} already.`;
  // SOURCE: CRISP 7.3: duties are kept apart.
  if (change.requestedBy.id === decider)
    return 'You asked for this change. Somebody else has to decide on it.';
  if (now >= change.until) return 'The window of this change is over. Ask for it again with a new one.';
  return undefined;
}

export const isOpen = ({ state, from, until }: PlannedChange, now: Date): boolean =>
  state === 'approved' && from <= now && now < until;
