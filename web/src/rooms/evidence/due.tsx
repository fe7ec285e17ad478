import type { FindingView } from '#contract/governance/evidence';
import { HealthMark } from '../../parts/marks.tsx';
import { age } from '../../parts/words.ts';

export function Due({ finding, now }: { finding: FindingView; now: number }) {
  if (finding.state === 'closed') return <HealthMark state="healthy" word="closed" />;
  if (finding.accepted)
    return <HealthMark state="degraded" word={`accepted until ${finding.accepted.until.slice(0, 10)}`} />;
  if (finding.dueAt === null) return null;
  const seconds = (Date.parse(finding.dueAt) - now) / 1000;
  return seconds < 0 ? (
    <HealthMark state="failing" word={`${age(-seconds)} late`} />
  ) : (
    <span>in {age(seconds)}</span>
  );
}
