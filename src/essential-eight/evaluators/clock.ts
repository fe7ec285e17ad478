import { dayMilliseconds, daysAfter, hourMilliseconds, monthAfter } from './values.ts';

/** The life of one missing fix on one host, as scans saw it. */
export type Life = {
  /** When its maker gave the fix out; undefined where the scanner doesn't say. */
  readonly released: Date | undefined;
  /** Critical by its maker, or by its score. */
  readonly critical: boolean;
  /** When a working exploit was first known. */
  readonly exploitedAt: Date | undefined;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  /** The first scan after that which did not find it any more; undefined while it is open. */
  readonly goneBy: Date | undefined;
};
export type Clock = { readonly within: '48h' | '14d' | '1mo'; readonly when: 'urgent' | 'ordinary' | 'any' };

export type InTime =
  /** Another clock counts for it. */
  | { readonly is: 'other' }
  | { readonly is: 'good' }
  /** Open, and not yet due. */
  | { readonly is: 'running'; readonly due: Date }
  | { readonly is: 'late'; readonly due: Date }
  | { readonly is: 'open'; readonly why: string };

/**
 * Whether a fix came in time. A fix is urgent from its release where it is critical, and from the day an exploit is known
 * where it still is missing then: from that moment it has 48 hours, and never more than it had left. What scans saw tells
 * when it was applied only to the span between two scans: where the due time is inside, nobody can tell.
 * SOURCE: Essential Eight maturity model, November 2023: 48 hours, two weeks, one month of release.
 */
export function inTime(clock: Clock, life: Life, now: Date): InTime {
  const { released, lastSeen, firstSeen } = life;
  if (released === undefined) {
    // It was released before it was first seen: who is late counted from there is late.
    const latestDue = after(clock.within, firstSeen);
    return clock.when === 'any' && lastSeen >= latestDue
      ? { is: 'late', due: latestDue }
      : { is: 'open', why: 'the scanner doesn’t say when the fix came out' };
  }
  const urgentFrom = urgency(life, released);
  const ordinaryDue = after(clock.within, released);
  if (clock.when === 'any') return verdict(ordinaryDue, life, now);
  const wasUrgent = urgentFrom !== undefined && lastSeen >= urgentFrom;
  if (clock.when === 'urgent')
    return wasUrgent ? verdict(after(clock.within, urgentFrom), life, now) : { is: 'other' };
  // What became urgent before it was due is of the other clock; what was late before is late.
  return wasUrgent && urgentFrom < ordinaryDue ? { is: 'other' } : verdict(ordinaryDue, life, now);
}

function urgency({ critical, exploitedAt }: Life, released: Date): Date | undefined {
  if (critical) return released;
  return exploitedAt && new Date(Math.max(exploitedAt.getTime(), released.getTime()));
}

function verdict(due: Date, { lastSeen, goneBy }: Life, now: Date): InTime {
  if (lastSeen >= due) return { is: 'late', due };
  if (goneBy !== undefined)
    return goneBy <= due
      ? { is: 'good' }
      : { is: 'open', why: `it was applied between two scans, and was due between them (${iso(due)})` };
  return now < due
    ? { is: 'running', due }
    : { is: 'open', why: `no scan since ${iso(lastSeen)}, and it was due on ${iso(due)}` };
}
const iso = (at: Date): string => `${at.toISOString().slice(0, 16)}Z`;

export function after(within: Clock['within'], at: Date): Date {
  if (within === '48h') return new Date(at.getTime() + 48 * hourMilliseconds);
  return within === '14d' ? daysAfter(at, 14) : monthAfter(at);
}

/** A scan every so many days may be late by this much: it starts at its hour and ends when it is through. Ours. */
const slackMilliseconds = 12 * hourMilliseconds;
export type Cadence = { readonly is: 'good' } | { readonly is: 'bad' | 'open'; readonly why: string };

/**
 * Whether runs came often enough, over the whole span they are known for.
 * @param runs in order
 * @param knownUntil until when runs would be known if there were any
 */
export function cadence(everyDays: number, runs: readonly Date[], knownUntil: Date, now: Date): Cadence {
  const [first] = runs;
  const last = runs.at(-1);
  if (first === undefined || last === undefined) return { is: 'open', why: 'no scan is known' };
  const allowed = everyDays * dayMilliseconds + slackMilliseconds;
  const gap = runs.find((at, index) => at.getTime() - (runs[index - 1] ?? at).getTime() > allowed);
  if (gap !== undefined) {
    const before = runs[runs.indexOf(gap) - 1] ?? gap;
    return { is: 'bad', why: `no scan between ${iso(before)} and ${iso(gap)}` };
  }
  if (knownUntil.getTime() - last.getTime() > allowed)
    return { is: 'bad', why: `the last scan was on ${iso(last)}` };
  if (now.getTime() - last.getTime() > allowed)
    return { is: 'open', why: `results since ${iso(last)} are missing` };
  return last.getTime() - first.getTime() < everyDays * dayMilliseconds
    ? { is: 'open', why: 'one scan doesn’t tell how often they come' }
    : { is: 'good' };
}
