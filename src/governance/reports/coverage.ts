import { moment } from './moment.ts';
import { type CollectionState, type ControlState, isUnknown, type SystemState } from './state.ts';

/** What an assessor has to know before believing the rest: what nobody looked at, and why. */
export type Coverage = {
  readonly controls: number;
  /** Decided by evidence that still holds. */
  readonly byEvidence: number;
  /** Decided by somebody's word alone. */
  readonly byAnswer: number;
  /** Neither: not seen. */
  readonly unknown: number;
  readonly notApplicable: number;
  readonly expired: readonly CollectionState[];
  /** Evidence that covers less than all, or nobody knows of how many. */
  readonly partial: readonly CollectionState[];
  /** Why controls are not seen, the most frequent first. */
  readonly gaps: readonly Gap[];
  readonly statements: readonly CoverageStatement[];
};
export type CoverageStatement = { readonly what: string; readonly why: string };

export type Gap = {
  readonly why: string;
  readonly controls: readonly string[];
  /** Which evidence would settle it. */
  readonly wouldSettle: readonly string[];
};

const named = 12;

export function coverageOf(state: SystemState): Coverage {
  const { controls, collections, at } = state;
  const unknown = controls.filter(({ status }) => isUnknown(status));
  const decided = controls.filter(({ status }) => !isUnknown(status) && status !== 'Not Applicable');
  const byEvidence = decided.filter(({ basis }) => basis === 'evidence' || basis === 'both').length;
  const expired = collections.filter(({ expiresAt }) => expiresAt <= at);
  const partial = collections.filter(
    ({ expiresAt, population: { covered, of } }) => expiresAt > at && (of === null || covered < of),
  );
  const gaps = gapsOf(unknown);
  const byAnswer = decided.length - byEvidence;
  const notApplicable = controls.filter(({ status }) => status === 'Not Applicable').length;
  const statements = [
    {
      what: `${byEvidence} of ${controls.length} controls rest on evidence`,
      why: `${byAnswer} rest on somebody’s word alone, ${unknown.length} were not seen, ${notApplicable} do not apply.`,
    },
    ...gaps.map(({ why, controls: ids, wouldSettle }) => ({
      what: `${ids.length} ${ids.length === 1 ? 'control was' : 'controls were'} not seen: ${listed(ids)}`,
      why: `${why}${wouldSettle.length === 0 ? '' : ` It would be settled by: ${wouldSettle.join('; ')}.`}`,
    })),
    ...partial.map((one) => ({
      what: `${one.kind} from ${one.source} covers a part`,
      why: populationOf(one),
    })),
    ...expired.map((one) => ({
      what: `${one.kind} from ${one.source} has expired`,
      why: `It was collected at ${moment(one.collectedAt)} and counts no more since ${moment(one.expiresAt)}.`,
    })),
  ];
  const reaffirm = controls.filter((control) => control.reaffirm);
  if (reaffirm.length > 0)
    statements.push({
      what: `${reaffirm.length} ${reaffirm.length === 1 ? 'answer is' : 'answers are'} about other words: ${listed(reaffirm.map(({ label }) => label))}`,
      why: 'Reworded since. Each answer has to be affirmed again.',
    });
  return {
    controls: controls.length,
    byEvidence,
    byAnswer,
    unknown: unknown.length,
    notApplicable,
    expired,
    partial,
    gaps,
    statements,
  };
}

/** '40 of 52 hosts, from the inventory', and what is not known about it. */
export function populationOf({
  population: { covered, of, basis },
}: Pick<CollectionState, 'population'>): string {
  return of === null
    ? `${covered} were covered (${basis}); how many there are is not known.`
    : `${covered} of ${of} were covered (${basis})${covered < of ? `; ${of - covered} were not seen` : ''}.`;
}

function gapsOf(unknown: readonly ControlState[]): Gap[] {
  const byReason = Map.groupBy(unknown, ({ unknownWhy, because }) => unknownWhy ?? because);
  return [...byReason]
    .map(([why, controls]) => ({
      why: why === '' ? 'Nobody answered, and there is no evidence.' : why,
      controls: controls.map(({ label }) => label),
      wouldSettle: [...new Set(controls.flatMap(({ wouldSettle }) => wouldSettle))].sort(),
    }))
    .sort((a, b) => b.controls.length - a.controls.length || (a.why < b.why ? -1 : 1));
}

export const listed = (ids: readonly string[]): string =>
  ids.length <= named ? ids.join(', ') : `${ids.slice(0, named).join(', ')} and ${ids.length - named} more`;
