/** A support session's life, and who may move it on. Pure. */

export const states = [
  'requested',
  'customer-approved',
  'provider-approved',
  'live',
  'ended',
  'summarised',
  'countersigned',
  'refused',
  'expired',
  'cancelled',
] as const;
export type State = (typeof states)[number];

export const steps = [
  'customer-approves',
  'provider-approves',
  'start',
  'end',
  'summarise',
  'countersign',
  'refuse',
  'expire',
  'cancel',
] as const;
export type Step = (typeof steps)[number];

const unused = { refuse: 'refused', expire: 'expired', cancel: 'cancelled' } as const;

/** What is not here can't be done. */
const transitions: Readonly<Record<State, Readonly<Partial<Record<Step, State>>>>> = {
  requested: { 'customer-approves': 'customer-approved', ...unused },
  'customer-approved': { 'provider-approves': 'provider-approved', ...unused },
  'provider-approved': { start: 'live', ...unused },
  live: { end: 'ended' },
  ended: { summarise: 'summarised' },
  summarised: { countersign: 'countersigned' },
  countersigned: {},
  refused: {},
  expired: {},
  cancelled: {},
};

/** Where the step leads; undefined when it can't be taken from here. */
export const after = (state: State, step: Step): State | undefined => transitions[state][step];

export type Side = 'customer' | 'provider';

/** SOURCE: issue 4: planned sessions last at most four hours, break glass at most one. */
export const maxMinutes = { planned: 240, 'break-glass': 60 } as const;
export type Kind = keyof typeof maxMinutes;

/** An approval that nobody used in this time is worth nothing. */
export const unusedHours = 24;

/** What the two sides and the segregation of duties are judged by. */
export type Parties = {
  readonly kind: Kind;
  readonly requester: string;
  readonly engineers: readonly string[];
  /** Who has approved for the customer; null before that, and for a standing approval its signer. */
  readonly customer: string | null;
};

/**
 * Why this person may not approve, whatever office they hold; undefined when nothing is against it.
 * INVARIANT: nobody approves what they asked for, nor what they will do, nor twice.
 */
export function conflictOf(parties: Parties, userId: string): string | undefined {
  if (parties.requester === userId) return 'You asked for this session: somebody else approves it.';
  if (parties.engineers.includes(userId)) return 'You are one of its engineers: somebody else approves it.';
  if (parties.customer === userId)
    return 'You approved it for the customer: somebody else approves it for the provider.';
  return undefined;
}

/** Who is waited for, since when: shown to both sides, so that neither pays for the other's waiting. */
export type Waiting = { readonly on: Side | 'engineer'; readonly since: Date };

export type Times = {
  readonly requestedAt: Date;
  readonly customerApprovedAt: Date | null;
  readonly providerApprovedAt: Date | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly summarisedAt: Date | null;
  readonly countersignedAt: Date | null;
};

export function waitingOf(state: State, times: Times): Waiting | null {
  const waits = (on: Waiting['on'], since: Date | null): Waiting | null =>
    since === null ? null : { on, since };
  switch (state) {
    case 'requested':
      return waits('customer', times.requestedAt);
    case 'customer-approved':
      return waits('provider', times.customerApprovedAt);
    case 'provider-approved':
      return waits('engineer', times.providerApprovedAt);
    case 'ended':
      return waits('engineer', times.endedAt);
    case 'summarised':
      return waits('customer', times.summarisedAt);
    default:
      return null;
  }
}

/** Seconds each side was waited for, up to now: what a service level may leave out. */
export function waitedSeconds(state: State, times: Times, now: Date): Record<Waiting['on'], number> {
  const between = (from: Date | null, to: Date | null): number =>
    from === null || to === null ? 0 : Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000));
  const open = waitingOf(state, times);
  const total = {
    customer:
      between(times.requestedAt, times.customerApprovedAt) +
      between(times.summarisedAt, times.countersignedAt),
    provider: between(times.customerApprovedAt, times.providerApprovedAt),
    engineer: between(times.providerApprovedAt, times.startedAt) + between(times.endedAt, times.summarisedAt),
  };
  if (open !== null) total[open.on] += between(open.since, now);
  return total;
}
