import type { ImplementationStatus } from '#contract/governance';
import type { Confidence, ControlJudgement, Failing } from '#governance/evidence';
import { day, heard, type Heard } from './heard.ts';

/** How a control of a system stands now, and why. */
export type Standing = {
  readonly control: string;
  readonly statementHash: string;
  readonly status: ImplementationStatus;
  /** What the status rests on. `none` where nobody answered and nothing was seen. */
  readonly basis: 'evidence' | 'answer' | 'both' | 'none';
  /** How far what it rests on carries; undefined where nothing is claimed. */
  readonly confidence?: Confidence;
  /** One sentence or two for whoever asks. */
  readonly because: string;
  /** Why nobody can say; undefined where somebody can. */
  readonly unknownWhy?: string;
  /** Which evidence would tell. */
  readonly wouldSettle: readonly string[];
  /** The oldest of what it rests on. */
  readonly asOf?: Date;
  /** From this moment on it stands otherwise, if nothing is done. */
  readonly expires?: Date;
  /** The words changed since it was answered: the answer is kept and does not count. */
  readonly reaffirm: boolean;
  /** What was accepted for it, in force now. It does not change the status. */
  readonly exception?: {
    readonly id: string;
    /** It lapses at this moment. */
    readonly until: Date;
    readonly kind: 'exception' | 'risk-acceptance';
  };
  /** The person's name who owes it. */
  readonly owner?: string;
  /** What failed, of the evidence; capped as judgements are. */
  readonly failing: readonly Failing[];
  /** Answered in other frameworks: the controls there that it stands by. */
  readonly through?: readonly string[];
};

/** What somebody answered, as far as it says how the control stands. */
export type AnswerState = {
  readonly status: ImplementationStatus;
  readonly statementHash: string;
  /** evidence: it is claimed because evaluators see it; attested: because somebody says so, until `reviewBy`. */
  readonly rests: 'evidence' | 'attested';
  /** Which evaluators have to see it; empty for all there are. */
  readonly evaluators: readonly string[];
  readonly reviewBy: Date | undefined;
  /** The other side where it takes two: a provider relied upon, in its words. */
  readonly reliedUpon: { readonly party: string; readonly status: ImplementationStatus } | undefined;
  readonly owner: string | undefined;
  readonly by: string;
  readonly at: Date;
};

/** What was asked for a control and approved. In force while `now` is before `until`. */
export type ApprovedException = {
  readonly id: string;
  readonly kind: 'exception' | 'risk-acceptance' | 'not-applicable';
  readonly statementHash: string;
  readonly reason: string;
  readonly approvedBy: string;
  readonly until: Date;
};

export type StandingInput = {
  readonly control: string;
  readonly statementHash: string;
  readonly excluded: { readonly reason: string; readonly approvedBy: string } | undefined;
  readonly answer: AnswerState | undefined;
  readonly judgements: readonly ControlJudgement[];
  /** Evidence once said that it is not met, and none said since that it is. */
  readonly openFinding: boolean;
  readonly exceptions: readonly ApprovedException[];
  readonly now: Date;
};

type Told = Pick<Standing, 'status' | 'basis' | 'because'> &
  Partial<Pick<Standing, 'confidence' | 'unknownWhy' | 'wouldSettle' | 'asOf' | 'expires' | 'reaffirm'>>;

/** How one control stands. Pure: the same answer for the same input. */
export function standingOf(input: StandingInput): Standing {
  const { answer, now } = input;
  const seen = heard(input.judgements, answer?.evaluators ?? [], now);
  const inForce = input.exceptions.filter(({ until }) => now < until);
  const shown = inForce
    .filter(({ kind }) => kind !== 'not-applicable')
    .sort((a, b) => a.until.getTime() - b.until.getTime())[0];
  const told = tell(input, seen, inForce);
  const expires = earliest(told.expires, shown?.until);
  return {
    control: input.control,
    statementHash: input.statementHash,
    wouldSettle: [],
    reaffirm: false,
    ...told,
    ...(expires !== undefined && { expires }),
    ...(shown !== undefined && {
      // Filtered above: an agreement that it does not apply is no exception from it.
      exception: { id: shown.id, until: shown.until, kind: shown.kind as 'exception' | 'risk-acceptance' },
    }),
    ...(answer?.owner !== undefined && { owner: answer.owner }),
    failing: seen.failing,
  };
}

function tell(input: StandingInput, seen: Heard, inForce: readonly ApprovedException[]): Told {
  const { answer, excluded } = input;
  if (excluded !== undefined)
    return {
      status: 'Not Applicable',
      basis: 'answer',
      confidence: 'attested',
      because: `Left out of this system: ${excluded.reason} Approved by ${excluded.approvedBy}.`,
    };
  if (answer !== undefined && answer.statementHash !== input.statementHash) {
    const why = `Its words changed since ${answer.by} answered "${answer.status}" on ${day(answer.at)}. Read them and affirm the answer again.`;
    return {
      status: 'Not Assessed',
      basis: 'none',
      because: why,
      unknownWhy: why,
      wouldSettle: seen.wouldSettle,
      reaffirm: true,
    };
  }
  if (answer === undefined || answer.status === 'Not Assessed') return unanswered(seen, 'Not Assessed');
  switch (answer.status) {
    case 'Not Applicable':
      return notApplicable(answer, input, inForce);
    case 'No Visibility':
      return unanswered(seen, 'No Visibility', answer);
    case 'Effective':
      return claimedMet(
        answer,
        { ...seen, lapsedFailing: seen.lapsedFailing || input.openFinding },
        input.now,
      );
    case 'Alternate Control':
      return alternate(answer, seen, input.now);
    case 'Ineffective':
    case 'Not Implemented':
      return {
        status: answer.status,
        basis: seen.failed ? 'both' : 'answer',
        confidence: 'attested',
        because: `${answer.by} answered so on ${day(answer.at)}.${
          seen.state === 'satisfied' ? ' Evidence now says that it is met: answer it again.' : seen.said
        }`,
        asOf: answer.at,
      };
  }
}

/** Evidence alone: it can show that a control is not met, and that it is where it looked at all of what is asked. */
function unanswered(seen: Heard, status: 'Not Assessed' | 'No Visibility', answer?: AnswerState): Told {
  const basis = answer === undefined ? 'evidence' : 'both';
  if (seen.state === 'not-satisfied')
    return { status: 'Ineffective', basis, because: seen.because, ...seen.worth };
  const whole = seen.worth.confidence === 'direct' || seen.worth.confidence === 'proxy';
  if (seen.state === 'satisfied' && whole)
    return { status: 'Effective', basis, because: seen.because, ...seen.worth };
  const nobody =
    answer === undefined ? 'Nobody answered it yet.' : `${answer.by} could not see it on ${day(answer.at)}.`;
  const why =
    seen.state === 'satisfied'
      ? `${nobody} Evidence shows a part of what is asked: ${seen.because}`
      : seen.state === 'unknown'
        ? `${nobody} ${seen.because}`
        : nobody;
  return {
    status,
    basis: answer === undefined ? 'none' : 'answer',
    because: why,
    unknownWhy: why,
    wouldSettle: seen.wouldSettle,
    ...(answer !== undefined && { asOf: answer.at }),
    // A part that evidence shows can turn by itself, and so can what is said about it.
    ...(seen.worth.expires !== undefined && { expires: seen.worth.expires }),
  };
}

/** "Effective": evidence against it is drift, evidence that is missing is missing where it rests on evidence. */
function claimedMet(answer: AnswerState, seen: Heard, now: Date): Told {
  if (seen.state === 'not-satisfied')
    return {
      status: 'Ineffective',
      basis: 'both',
      because: `Answered "Effective" on ${day(answer.at)}, and evidence says otherwise: ${seen.because}`,
      ...seen.worth,
    };
  const theirs = otherSide(answer);
  if (theirs !== undefined) return theirs;
  if (answer.rests === 'evidence') {
    if (seen.state === 'satisfied')
      return {
        status: 'Effective',
        basis: 'both',
        because: seen.because,
        ...seen.worth,
        asOf: earliest(answer.at, seen.worth.asOf) ?? answer.at,
      };
    const why =
      seen.state === 'unknown'
        ? `Answered "Effective" by evidence, which does not tell any more: ${seen.because}`
        : 'Answered "Effective" by evidence, and there is none.';
    return {
      status: 'No Visibility',
      basis: 'answer',
      because: why,
      unknownWhy: why,
      wouldSettle: seen.wouldSettle,
      asOf: answer.at,
    };
  }
  if (seen.lapsedFailing && seen.state !== 'satisfied') {
    const why = `Answered "Effective" on ${day(answer.at)}. Evidence said otherwise, and none has shown since that it is mended.`;
    return {
      status: 'No Visibility',
      basis: 'both',
      because: why,
      unknownWhy: why,
      wouldSettle: seen.wouldSettle,
      asOf: answer.at,
    };
  }
  return attested(answer, seen, now);
}

/** Another control meets what is asked, so that what is written is not met says nothing against it. */
function alternate(answer: AnswerState, seen: Heard, now: Date): Told {
  const theirs = otherSide(answer);
  return (
    theirs ??
    attested(
      answer,
      { ...seen, state: 'none', said: seen.failed ? ` As written it is not met: ${seen.because}` : '' },
      now,
    )
  );
}

/** Somebody says so, and it holds until it is due to be looked at again. */
function attested(answer: AnswerState, seen: Heard, now: Date): Told {
  const said = `${answer.by} attested it on ${day(answer.at)}.`;
  if (answer.reviewBy !== undefined && now >= answer.reviewBy) {
    const why = `${said} It was to be looked at again by ${day(answer.reviewBy)}, and was not.`;
    return {
      status: 'No Visibility',
      basis: 'answer',
      because: why,
      unknownWhy: why,
      wouldSettle: ['a new answer', ...seen.wouldSettle],
      asOf: answer.at,
    };
  }
  const shown = seen.state === 'satisfied';
  const expires = earliest(answer.reviewBy, shown ? seen.worth.expires : undefined);
  return {
    status: answer.status,
    basis: shown ? 'both' : 'answer',
    confidence: shown ? (seen.worth.confidence ?? 'attested') : 'attested',
    because: shown ? `${said} ${seen.because}` : `${said}${seen.said}`,
    wouldSettle: seen.wouldSettle,
    asOf: answer.at,
    ...(expires !== undefined && { expires }),
  };
}

/** "Where a provider is relied on, Effective needs both sides." SOURCE: ASD's SSP annex, sheet Info. */
function otherSide({ reliedUpon, at }: AnswerState): Told | undefined {
  if (reliedUpon === undefined || isMet(reliedUpon.status)) return undefined;
  const { party, status } = reliedUpon;
  const because = `It takes ${party} too, and their side is "${status}".`;
  if (status === 'Ineffective' || status === 'Not Implemented')
    return { status: 'Ineffective', basis: 'answer', confidence: 'attested', because, asOf: at };
  return {
    status: 'No Visibility',
    basis: 'answer',
    because,
    unknownWhy: because,
    wouldSettle: [`what ${party} can show for its side`],
    asOf: at,
  };
}

function notApplicable(
  answer: AnswerState,
  input: StandingInput,
  inForce: readonly ApprovedException[],
): Told {
  const approval = inForce.find(
    ({ kind, statementHash }) => kind === 'not-applicable' && statementHash === input.statementHash,
  );
  if (approval !== undefined)
    return {
      status: 'Not Applicable',
      basis: 'answer',
      confidence: 'attested',
      because: `${approval.reason} Approved by ${approval.approvedBy}.`,
      asOf: answer.at,
      expires: approval.until,
    };
  const ended = input.exceptions.some(({ kind }) => kind === 'not-applicable');
  const why = ended
    ? 'The approval that it does not apply has ended. Ask for it again, or answer the control.'
    : `${answer.by} says it does not apply, and nobody approved that yet.`;
  return { status: 'Not Assessed', basis: 'none', because: why, unknownWhy: why, asOf: answer.at };
}

/** The control's objective is met. */
export const isMet = (status: ImplementationStatus): boolean =>
  status === 'Effective' || status === 'Alternate Control';

export const earliest = (...dates: readonly (Date | undefined)[]): Date | undefined =>
  dates.reduce(
    (first, date) => (first === undefined || (date !== undefined && date < first) ? date : first),
    undefined,
  );
