import type { DocumentView, MyDocuments } from '#contract/governance/policies';
import { HealthMark } from '../../parts/marks.tsx';
import { useNow } from '../../app/context.tsx';
import { duration } from '../../parts/words.ts';

export const kindWord: Readonly<Record<DocumentView['kind'], string>> = {
  policy: 'Policy',
  standard: 'Standard',
  plan: 'Plan',
  procedure: 'Procedure',
};

const reviewMark = {
  current: ['healthy', 'Current'],
  due: ['degraded', 'Review due'],
  overdue: ['failing', 'Review overdue'],
  'not-in-force': ['unknown', 'Not in force'],
  retired: ['unknown', 'Retired'],
} as const;

export function ReviewMark({ state }: { state: DocumentView['review']['state'] }) {
  const [mark, word] = reviewMark[state];
  return <HealthMark state={mark} word={word} />;
}

const owedMark = {
  acknowledged: ['healthy', 'Acknowledged'],
  due: ['degraded', 'To be read'],
  overdue: ['failing', 'Overdue'],
} as const;

export function OwedMark({ state }: { state: MyDocuments['documents'][number]['state'] }) {
  const [mark, word] = owedMark[state];
  return <HealthMark state={mark} word={word} />;
}

/** "in 12 days", or "3 days late": red only when late. */
export function Due({ at }: { at: string }) {
  const left = (Date.parse(at) - useNow(60)) / 1000;
  return (
    <span className={left < 0 ? 'critical' : undefined} title={at}>
      {left < 0 ? `${duration(-left)} late` : `in ${duration(left)}`}
    </span>
  );
}

export const Day = ({ at }: { at: string | null }) =>
  at === null ? (
    <span className="muted">none</span>
  ) : (
    <time className="mono" dateTime={at} title={at}>
      {at.slice(0, 10)}
    </time>
  );
