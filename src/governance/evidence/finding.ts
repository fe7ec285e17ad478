import type { Acceptance } from './deps.ts';
import type { Failing, Judgement } from './evaluator.ts';

/** A control that an evaluator found not met. INVARIANT: a passing judgement closes it, and nothing else does. */
export type Finding = {
  readonly id: string;
  readonly environment: string;
  readonly tenancy: string;
  readonly control: string;
  readonly evaluator: string;
  /** drift: it was met before; first: it never was, as far as is known. */
  readonly origin: 'drift' | 'first';
  readonly openedAt: Date;
  readonly closedAt: Date | undefined;
  readonly because: string;
  readonly failed: number;
  readonly failing: readonly Failing[];
  readonly owner: { readonly id: string; readonly name: string } | undefined;
  /** From when its time runs. */
  readonly clockFrom: Date;
  readonly dueAt: Date;
  readonly accepted: Acceptance | undefined;
  readonly lastStatus: Judgement['status'];
  readonly lastJudgedAt: Date;
};

/** Something that happened to a finding, for its history. */
export type Happening = { readonly what: string; readonly note: string };

export type Advanced = { readonly finding: Finding; readonly happened: readonly Happening[] };

const dayMilliseconds = 86_400_000;

/** The first date that the failing subjects name, else so many days from when its time runs. */
export function dueOf(failing: readonly Failing[], clockFrom: Date, days: number): Date {
  const named = failing.flatMap(({ due }) => (due === undefined ? [] : [due.getTime()]));
  return named.length > 0
    ? new Date(Math.min(...named))
    : new Date(clockFrom.getTime() + days * dayMilliseconds);
}

/** What a new judgement of its control makes of an open finding. */
export function judgedAgain(finding: Finding, judgement: Judgement, now: Date, days: number): Advanced {
  const seen = { ...finding, lastStatus: judgement.status, lastJudgedAt: now };
  if (judgement.status === 'satisfied')
    return { finding: { ...seen, closedAt: now }, happened: [{ what: 'closed', note: judgement.because }] };
  if (judgement.status === 'unknown') {
    const happened = finding.lastStatus === 'unknown' ? [] : [{ what: 'unknown', note: judgement.because }];
    return { finding: seen, happened };
  }
  const { because, failed, failing } = judgement;
  const same = because === finding.because && failed === finding.failed;
  const named = failing.some(({ due }) => due !== undefined);
  return {
    finding: {
      ...seen,
      because,
      failed,
      failing,
      // A date that a person set stays, unless the facts name one.
      dueAt: named ? dueOf(failing, finding.clockFrom, days) : finding.dueAt,
    },
    happened: same && finding.lastStatus !== 'unknown' ? [] : [{ what: 'still-failing', note: because }],
  };
}

/** With an acceptance its time stands still; when that ends, for whatever reason, it begins anew. */
export function withAcceptance(
  finding: Finding,
  acceptance: Acceptance | undefined,
  now: Date,
  days: number,
): Advanced {
  const inForce = acceptance !== undefined && acceptance.until > now ? acceptance : undefined;
  const before = finding.accepted;
  if (inForce !== undefined) {
    if (before?.id === inForce.id && before.until.getTime() === inForce.until.getTime())
      return { finding, happened: [] };
    return {
      finding: { ...finding, accepted: inForce },
      happened: [{ what: 'risk-accepted', note: `Until ${inForce.until.toISOString()}.` }],
    };
  }
  if (before === undefined) return { finding, happened: [] };
  // Withdrawn early: it ended when we came to know.
  const ended = before.until < now ? before.until : now;
  const dueAt = new Date(ended.getTime() + days * dayMilliseconds);
  return {
    finding: { ...finding, accepted: undefined, clockFrom: ended, dueAt },
    happened: [{ what: 'acceptance-ended', note: `Its time began anew ${ended.toISOString()}.` }],
  };
}
