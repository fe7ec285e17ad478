import type { AgreementStateName, ChangeClass } from './contract.ts';

/** A version that was published: what it asks, and by when. */
export type PublishedVersion = {
  readonly number: number;
  readonly changeClass: ChangeClass;
  readonly publishedAt: Date;
  readonly effectiveAt: Date;
  /** Who has not agreed by then is without an agreement. Null: nobody has to do anything. */
  readonly mandatoryAt: Date | null;
};

/** What happened between one organisation and the community in one environment. */
export type AgreementEvent = { readonly at: Date } & (
  | { readonly kind: 'invited' | 'reading' | 'lapsed' | 'resumed' | 'terminated' | 'confirmed' }
  | { readonly kind: 'accepted'; readonly version: number }
  | { readonly kind: 'withdrawn'; readonly effectiveAt: Date }
  | { readonly kind: 'suspended'; readonly reason: string }
);

export type AgreementFacts = {
  /** In the order they were recorded, which counts for more than their times. */
  readonly events: readonly AgreementEvent[];
  readonly versions: readonly PublishedVersion[];
  /** The latest time that was ever recorded: a clock that was set back does not undo what has passed. */
  readonly seenUntil: Date | null;
};

export type AgreementState = {
  readonly state: AgreementStateName;
  /** The version last agreed to; null where there never was one, or it has ended. */
  readonly version: number | null;
  /** The newest version that has to be agreed to, where that is a newer one. */
  readonly required: number | null;
  /** In force while now is before this; null: no end is known. For what is not in force: since when. */
  readonly until: Date | null;
  /** Why it is suspended. */
  readonly reason: string | null;
};

type Phase = 'none' | 'invited' | 'reviewing' | 'agreed' | 'lapsed' | 'withdrawn' | 'terminated';

type Folded = {
  phase: Phase;
  held: number | null;
  /** A withdrawal that was given and is not yet effective. */
  leaves: Date | null;
  suspended: { at: Date; reason: string } | null;
  since: Date | null;
  now: Date;
};

/** The latest of the time given and all that was recorded. */
export function monotonic(facts: AgreementFacts, at: Date): Date {
  const times = [at, facts.seenUntil ?? at, ...facts.events.map((event) => event.at)];
  return new Date(Math.max(...times.map((time) => time.getTime())));
}

/**
 * The state of an agreement: total over any facts in any order, and the same for the same facts.
 * INVARIANT: what is no longer in force at one time is not in force at any later one, nor at an earlier clock, until a new
 * acceptance is recorded.
 */
export function stateAt(facts: AgreementFacts, at: Date): AgreementState {
  const folded: Folded = {
    phase: 'none',
    held: null,
    leaves: null,
    suspended: null,
    since: null,
    now: new Date(0),
  };
  for (const event of facts.events) apply(folded, event);
  reach(folded, monotonic(facts, at));
  return told(folded, facts.versions);
}

/** Time passes: a withdrawal becomes effective. */
function reach(folded: Folded, at: Date): void {
  if (at > folded.now) folded.now = at;
  if (folded.leaves === null || folded.leaves > folded.now) return;
  folded.phase = 'withdrawn';
  folded.since = folded.leaves;
  folded.leaves = null;
}

function apply(folded: Folded, event: AgreementEvent): void {
  reach(folded, event.at);
  const ended = folded.phase === 'withdrawn' || folded.phase === 'terminated';
  switch (event.kind) {
    case 'invited':
      if (folded.phase === 'none' || ended) begin(folded, 'invited', event.at);
      return;
    case 'reading':
      if (folded.phase === 'none' || folded.phase === 'invited') begin(folded, 'reviewing', event.at);
      return;
    case 'accepted':
      if (ended) return;
      folded.phase = 'agreed';
      folded.held = event.version;
      folded.since = event.at;
      folded.leaves = null;
      return;
    case 'lapsed':
      if (folded.phase !== 'agreed') return;
      folded.phase = 'lapsed';
      folded.since = event.at;
      return;
    case 'withdrawn':
      if (ended) return;
      folded.leaves = event.effectiveAt;
      reach(folded, event.at);
      return;
    case 'suspended':
      if (!ended) folded.suspended = { at: event.at, reason: event.reason };
      return;
    case 'resumed':
      folded.suspended = null;
      return;
    case 'terminated':
      folded.phase = 'terminated';
      folded.since = event.at;
      folded.leaves = null;
      return;
    case 'confirmed':
      return;
  }
}

function begin(folded: Folded, phase: 'invited' | 'reviewing', at: Date): void {
  folded.phase = phase;
  folded.held = null;
  folded.leaves = null;
  folded.suspended = null;
  folded.since = at;
}

function told(folded: Folded, versions: readonly PublishedVersion[]): AgreementState {
  const { phase, held, suspended, now, leaves } = folded;
  const pending = versions.filter(({ number, mandatoryAt }) => mandatoryAt !== null && number > (held ?? 0));
  const required = pending.length === 0 ? null : Math.max(...pending.map(({ number }) => number));
  const of = (
    state: AgreementStateName,
    until: Date | null,
    reason: string | null = null,
  ): AgreementState => ({ state, version: held, required, until, reason });
  if (phase === 'withdrawn' || phase === 'terminated') return { ...of(phase, folded.since), version: null };
  if (suspended !== null) return of('suspended', suspended.at, suspended.reason);
  const mandatory = earliest(pending.map(({ mandatoryAt }) => mandatoryAt));
  // The lapse may have been recorded late; it was one when the version became mandatory.
  if (phase === 'lapsed') return of(phase, earliest([mandatory, folded.since]));
  if (phase !== 'agreed') return of(phase, folded.since);
  // "At the very second": in force while now is before it.
  if (mandatory !== null && mandatory <= now) return of('lapsed', mandatory);
  const until = earliest([mandatory, leaves]);
  return of(
    pending.some(({ effectiveAt }) => effectiveAt <= now) ? 'superseded-in-grace' : 'accepted',
    until,
  );
}

function earliest(times: readonly (Date | null)[]): Date | null {
  const known = times.filter((time) => time !== null).map((time) => time.getTime());
  return known.length === 0 ? null : new Date(Math.min(...known));
}

/** Service is given in these two states, and in no other. */
export const inForce = ({ state }: Pick<AgreementState, 'state'>): boolean =>
  state === 'accepted' || state === 'superseded-in-grace';
