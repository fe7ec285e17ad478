import type { SourceWithBalance } from '#contract/soc/sources';
import { HealthMark } from '../../parts/marks.tsx';

export function SourceState({ source }: { source: SourceWithBalance }) {
  if (source.state === 'paused') return <span className="muted">Paused</span>;
  if (source.balance.silent) return <HealthMark state="degraded" word="Silent" />;
  if (!source.balance.lastEventAt) return <HealthMark state="unknown" word="Nothing yet" />;
  return <HealthMark state="healthy" word="Sending" />;
}
