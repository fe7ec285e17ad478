import type { ContentPack } from '#contract/platform/content';
import { HealthMark } from '../../parts/marks.tsx';

const marks = {
  signed: ['healthy', 'Signed'],
  shipped: ['healthy', 'Ships with Ironbark'],
  plain: ['unknown', 'Nobody signed it'],
  'unknown-key': ['failing', 'Key not trusted any more'],
} as const;

export function SignatureMark({ pack }: { pack: Pick<ContentPack, 'signature'> }) {
  const [state, word] = marks[pack.signature.state];
  return (
    <HealthMark state={state} word={pack.signature.keyName ? `${word} by ${pack.signature.keyName}` : word} />
  );
}

export const factsOf = ({ facts }: Pick<ContentPack, 'facts'>): string =>
  Object.entries(facts)
    .map(([what, value]) => `${String(value)} ${what}`)
    .join(', ');
