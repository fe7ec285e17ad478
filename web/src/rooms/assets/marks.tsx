import type { AssetState } from '#contract/assets';
import { HealthMark } from '../../parts/marks.tsx';
import { stateWord } from './words.ts';

/** Stale is unknown, and neither well nor ill. */
export function AssetStateMark({ state }: { state: AssetState }) {
  if (state === 'retired') return <span className="muted">{stateWord.retired}</span>;
  return <HealthMark state={state === 'stale' ? 'unknown' : 'healthy'} word={stateWord[state]} />;
}
