import type { Answer, Who } from './answer.ts';
import type { AnswerInput } from './contract.ts';

const day = 86_400_000;
/** An attestation is looked at again within a year, as ISM-0888 has documents reviewed; two years at most. */
export const attestation = { defaultDays: 365, maxDays: 731 } as const;

export type Prepared =
  | { readonly ok: true; readonly answer: Answer; readonly same: boolean }
  | { readonly ok: false; readonly why: readonly string[] };

/** The next version of a control's answer; every fault is named. @param newest the number of the newest version, 0 for none */
export function prepare(
  given: AnswerInput,
  about: {
    readonly control: string;
    readonly statementHash: string;
    readonly before: Answer | undefined;
    readonly newest: number;
    readonly owner: Who | null;
    readonly change: Answer['change'];
    readonly by: Who;
    readonly now: Date;
  },
): Prepared {
  const why: string[] = [];
  const met = given.status === 'Effective' || given.status === 'Alternate Control';
  if (given.narrative === '' && wantsWords[given.status] !== undefined)
    why.push(wantsWords[given.status] ?? '');
  if (given.rests === 'evidence' && given.status !== 'Effective')
    why.push('Only "Effective" rests on evidence. What else is answered is attested.');
  if (given.rests === 'attested' && given.evaluators.length > 0)
    why.push('Evaluators are named for an answer that rests on evidence.');
  const reviewBy =
    given.reviewBy !== null
      ? new Date(given.reviewBy)
      : met && given.rests === 'attested'
        ? new Date(about.now.getTime() + attestation.defaultDays * day)
        : null;
  if (reviewBy !== null && given.reviewBy !== null) {
    const unchanged = about.before?.reviewBy?.getTime() === reviewBy.getTime();
    if (reviewBy <= about.now && !unchanged) why.push('The review is to be after today.');
    if (reviewBy.getTime() > about.now.getTime() + attestation.maxDays * day)
      why.push('The review is to be within two years.');
  }
  if (why.length > 0) return { ok: false, why };
  const answer: Answer = {
    control: about.control,
    version: about.newest + 1,
    statementHash: about.statementHash,
    status: given.status,
    responsible: given.responsible,
    customer: given.customer,
    narrative: given.narrative,
    rests: given.rests,
    evaluators: given.evaluators,
    reviewBy,
    reliedUpon: given.reliedUpon,
    owner: about.owner,
    change: about.change,
    by: about.by,
    at: about.now,
  };
  return {
    ok: true,
    answer,
    same: about.before !== undefined && isSame(about.before, answer, given.reviewBy),
  };
}

const wantsWords: Partial<Record<Answer['status'], string>> = {
  'Alternate Control': 'Say which control meets it instead.',
  'Not Applicable': 'Say why it does not apply.',
  'Not Implemented': 'Say why it is not implemented.',
};

/** Nothing of what is said differs; a review that nobody named is the one there is. */
const isSame = (a: Answer, b: Answer, named: string | null): boolean =>
  a.statementHash === b.statementHash &&
  a.status === b.status &&
  a.responsible === b.responsible &&
  a.customer === b.customer &&
  a.narrative === b.narrative &&
  a.rests === b.rests &&
  a.evaluators.join('\n') === b.evaluators.join('\n') &&
  (named === null || a.reviewBy?.getTime() === b.reviewBy?.getTime()) &&
  a.reliedUpon?.party === b.reliedUpon?.party &&
  a.reliedUpon?.status === b.reliedUpon?.status &&
  a.owner?.id === b.owner?.id;

/** An answer as it would be given again. */
export const inputOf = (one: Answer): AnswerInput => ({
  status: one.status,
  narrative: one.narrative,
  rests: one.rests,
  evaluators: [...one.evaluators],
  reviewBy: one.reviewBy?.toISOString() ?? null,
  reliedUpon: one.reliedUpon,
  owner: one.owner?.id ?? null,
  responsible: one.responsible,
  customer: one.customer,
});

/** What is said where nobody said anything. */
export const noInput: AnswerInput = {
  status: 'Not Assessed',
  narrative: '',
  rests: 'attested',
  evaluators: [],
  reviewBy: null,
  reliedUpon: null,
  owner: null,
  responsible: null,
  customer: null,
};
