import type { Who } from './answer.ts';
import type { ApprovedException } from './standing.ts';

export type RiskLevel = 'low' | 'medium' | 'high' | 'extreme';

/** One state of what was asked for a control. */
export type Exception = {
  readonly id: string;
  readonly version: number;
  readonly environment: string;
  readonly control: string;
  readonly statementHash: string;
  /** exception: not met for a time; risk-acceptance: its risk is borne; not-applicable: there is nothing it could apply to. */
  readonly kind: 'exception' | 'risk-acceptance' | 'not-applicable';
  readonly state: 'requested' | 'approved' | 'refused' | 'withdrawn' | 'ended' | 'lapsed';
  readonly reason: string;
  /** What is done instead; '' for nothing. */
  readonly compensating: string;
  /** A risk acceptance holds up to this and no further; both null for the other kinds. */
  readonly ceiling: { readonly level: RiskLevel | null; readonly probability: number | null };
  /** In force before this moment, not at it. */
  readonly until: Date;
  readonly requestedBy: Who;
  readonly requestedAt: Date;
  /** office: which one of the provider's let them, '' where the permission was enough. */
  readonly approved: { readonly by: string; readonly office: string | null; readonly at: Date } | null;
  /** Who brought it into this state. */
  readonly by: Who;
  readonly note: string;
  readonly at: Date;
};

const levels: readonly RiskLevel[] = ['low', 'medium', 'high', 'extreme'];

/** What was measured; undefined where nobody knows. */
export type Residual = { readonly level?: RiskLevel; readonly probability?: number };

/** Whether a measured residual risk is above what was accepted. What was not measured is not above. */
export const isAbove = (ceiling: Exception['ceiling'], { level, probability }: Residual): boolean =>
  (ceiling.level !== null && level !== undefined && levels.indexOf(level) > levels.indexOf(ceiling.level)) ||
  (ceiling.probability !== null && probability !== undefined && probability > ceiling.probability);

/** In words: "high, 12 %". */
export const shownRisk = (risk: { readonly [One in keyof Residual]?: Residual[One] | null }): string =>
  [risk.level, typeof risk.probability === 'number' ? `${(risk.probability * 100).toPrecision(3)} %` : null]
    .filter((one) => one !== null && one !== undefined)
    .join(', ');

/** Those that were approved, whether or not they still are in force: `until` says. What was ended, ended then. */
export const approvedOf = (all: readonly Exception[]): ApprovedException[] =>
  all.flatMap((one) =>
    one.approved === null
      ? []
      : [
          {
            id: one.id,
            kind: one.kind,
            statementHash: one.statementHash,
            reason: one.reason,
            approvedBy: one.approved.by,
            until: one.state === 'ended' && one.at < one.until ? one.at : one.until,
          },
        ],
  );
