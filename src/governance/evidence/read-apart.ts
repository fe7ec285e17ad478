import { apart, type ApartLimits } from '#platform/apart';
import type { EvidenceDeps } from './deps.ts';
import { EvidenceFromFuture, EvidenceRefused } from './errors.ts';
import { readPacked } from './raw.ts';
import { type FileRead, readFile, type Stated } from './read-file.ts';

export type Given = { readonly path: string; readonly stated: Stated; readonly now: Date };
type Answer =
  | { readonly read: FileRead }
  | { readonly refused: string; readonly facts: EvidenceRefused['facts'] }
  | { readonly future: Date };

/** Facts packed are outside of this; what is inside is one file of 32 MiB, parsed, or one row. */
const usual: ApartLimits = { memoryMiB: 1536, seconds: 900 };

/**
 * Reads received files in threads of their own.
 * @param worker a module that answers with `readForAnother`: it knows the importers
 */
export const readerApart =
  (worker: URL, limits = usual): NonNullable<EvidenceDeps['readApart']> =>
  async (given: Given): Promise<FileRead> => {
    const end = await apart(worker, given, limits);
    if ('ended' in end) throw new EvidenceRefused(whyEnded(end.ended, limits), {}, end.cause);
    // Our own worker says nothing else.
    const answer = end.answer as Answer;
    if ('future' in answer) throw new EvidenceFromFuture(answer.future, given.now);
    if ('refused' in answer) throw new EvidenceRefused(answer.refused, answer.facts);
    const { gathered } = answer.read;
    // A buffer that was passed on is a plain array of bytes.
    const parts = gathered.parts.map(({ facts, packed }) => ({ facts, packed: Buffer.from(packed) }));
    return { ...answer.read, gathered: { ...gathered, parts } };
  };

/** In the worker: the one message that `readerApart` waits for. */
export async function readForAnother(
  deps: Pick<EvidenceDeps, 'kinds' | 'importers'>,
  { path, stated, now }: Given,
): Promise<Answer> {
  try {
    return { read: await readFile(deps, stated, now, () => readPacked(path)) };
  } catch (error) {
    if (error instanceof EvidenceFromFuture) return { future: error.collectedAt };
    if (error instanceof EvidenceRefused) return { refused: error.why, facts: error.facts };
    throw error;
  }
}

function whyEnded(ended: 'time' | 'memory' | 'early', limits: ApartLimits): string {
  if (ended === 'time') return `reading it took more than ${limits.seconds} s. Send it in parts.`;
  if (ended === 'memory')
    return `reading it takes more than ${limits.memoryMiB} MiB of memory. Send it in parts.`;
  return 'its reader ended before it was read.';
}
