import { apart, type ApartLimits } from '#platform/apart';
import type { ImportFormat } from './contract.ts';
import { ImportRefused } from './errors.ts';
import type { FileRead } from './readers/record.ts';

export type Read = FileRead & { readonly format: ImportFormat };
export type Asked = {
  readonly bytes: Uint8Array;
  readonly format: ImportFormat | 'auto';
  readonly source: string | undefined;
  readonly host: string | undefined;
  readonly fileName: string;
};

/** More than the largest file we take needs; a file that needs more is refused and the thread with it. */
const usual: ApartLimits = { memoryMiB: 1536, seconds: 120 };

/**
 * Reads the file in a thread of its own.
 * @throws {ImportRefused} when nothing of it can be taken
 */
export async function readApart(asked: Asked, limits = usual): Promise<Read> {
  const end = await apart(new URL('./worker.ts', import.meta.url), asked, limits);
  if ('ended' in end) throw new ImportRefused(whyEnded(end.ended, limits), end.cause);
  // Our own worker says nothing else.
  const answer = end.answer as Answer;
  if ('unreadable' in answer) throw new ImportRefused(answer.unreadable);
  return answer.read;
}

type Answer = { read: Read } | { unreadable: string };

function whyEnded(ended: 'time' | 'memory' | 'early', limits: ApartLimits): string {
  if (ended === 'time') return `Reading it took more than ${limits.seconds} s.`;
  if (ended === 'memory') return `Reading it takes more than ${limits.memoryMiB} MiB of memory. Split it.`;
  return 'Its reader ended before it was read.';
}
