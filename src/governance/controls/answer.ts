import type { CustomerResponsibility, ImplementationStatus, ResponsibleEntity } from '#governance';
import type { AnswerState } from './standing.ts';

/** Who did it, as it is kept beside it. */
export type Who = { readonly id: string; readonly name: string };

/** One version of what was answered for a control. */
export type Answer = {
  readonly control: string;
  readonly version: number;
  readonly statementHash: string;
  readonly status: ImplementationStatus;
  readonly responsible: ResponsibleEntity | null;
  readonly customer: CustomerResponsibility | null;
  readonly narrative: string;
  readonly rests: 'evidence' | 'attested';
  readonly evaluators: readonly string[];
  readonly reviewBy: Date | null;
  readonly reliedUpon: { readonly party: string; readonly status: ImplementationStatus } | null;
  readonly owner: Who | null;
  readonly change: 'answered' | 'reaffirmed' | 'imported';
  readonly by: Who;
  readonly at: Date;
};

/** As far as it says how the control stands. */
export const stateOf = (answer: Answer): AnswerState => ({
  status: answer.status,
  statementHash: answer.statementHash,
  rests: answer.rests,
  evaluators: answer.evaluators,
  reviewBy: answer.reviewBy ?? undefined,
  reliedUpon: answer.reliedUpon ?? undefined,
  owner: answer.owner?.name,
  by: answer.by.name,
  at: answer.at,
});

/**
 * The answer that counts for a control with these words: the newest for them, or, where nobody answered them, the newest
 * there is, which then waits to be affirmed again.
 * @param versions of one control, newest first
 */
export const counting = (versions: readonly Answer[], statementHash: string): Answer | undefined =>
  versions.find((one) => one.statementHash === statementHash) ?? versions[0];
