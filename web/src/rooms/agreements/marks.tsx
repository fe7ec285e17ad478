import type { AgreementStateName, AgreementStateView } from '#contract/community/agreements';
import { useNow } from '../../app/context.tsx';
import { type Health, HealthMark } from '../../parts/marks.tsx';
import { Exact } from '../../parts/when.tsx';
import { duration } from '../../parts/words.ts';

const words: Readonly<Record<AgreementStateName, readonly [Health, string]>> = {
  none: ['unknown', 'No agreement'],
  invited: ['unknown', 'Invited'],
  reviewing: ['unknown', 'Being read'],
  accepted: ['healthy', 'Agreed'],
  'superseded-in-grace': ['degraded', 'Agreed, in grace'],
  lapsed: ['failing', 'Lapsed'],
  withdrawn: ['failing', 'Withdrawn'],
  suspended: ['failing', 'Suspended'],
  terminated: ['failing', 'Ended'],
};

export function StateMark({ state }: { state: AgreementStateView }) {
  const [health, word] = words[state.state];
  return (
    <HealthMark state={health} word={state.version === null ? word : `${word}, version ${state.version}`} />
  );
}

/** What is not in force tells since when, on a clock that may be ahead of this one. */
const counts = ({ state }: AgreementStateView): boolean =>
  state === 'accepted' || state === 'superseded-in-grace';

export function Until({ state }: { state: AgreementStateView }) {
  const now = useNow(60);
  if (state.until === null)
    return <span className="muted">{state.state === 'none' ? 'never was' : 'no end'}</span>;
  const seconds = (Date.parse(state.until) - now) / 1000;
  return (
    <>
      <Exact at={state.until} />
      {seconds > 0 && counts(state) && <div className="muted small">in {duration(seconds)}</div>}
    </>
  );
}

export const ownerWord = {
  provider: 'Provider',
  customer: 'Customer',
  both: 'Provider and customer',
} as const;
export const classWord = {
  editorial: 'Editorial',
  minor: 'Minor',
  material: 'Material',
  urgent: 'Urgent',
} as const;
