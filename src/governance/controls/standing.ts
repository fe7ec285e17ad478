import type { ImplementationStatus } from '#contract/governance';
import type { Confidence, Failing } from '#governance/evidence';

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
