import { apart, type ApartLimits } from '#platform/apart';
import type { PackFile } from '#platform/content';
import { CatalogueRefused } from './errors.ts';
import { readEdition, type ReadEdition } from './read-catalogue.ts';

export type Answer = { edition: ReadEdition } | { refused: { name: string; faults: readonly string[] } };

/** Smaller than this is read sooner than a thread starts. */
const smallCharacters = 256 * 1024;
/** More than a catalogue of 20,000 controls needs. */
const usual: ApartLimits = { memoryMiB: 1536, seconds: 120 };

/**
 * Reads the files of a pack; those of a large one in a thread of its own.
 * @throws {CatalogueRefused}
 */
export async function readApart(
  name: string,
  files: readonly PackFile[],
  limits = usual,
): Promise<ReadEdition> {
  if (files.reduce((sum, { text }) => sum + text.length, 0) < smallCharacters)
    return readEdition(name, files);
  const end = await apart(new URL('./worker.ts', import.meta.url), { name, files }, limits);
  if ('ended' in end) throw new CatalogueRefused(name, [whyEnded(end.ended, limits)]);
  // Our own worker says nothing else.
  const answer = end.answer as Answer;
  if ('refused' in answer) throw new CatalogueRefused(answer.refused.name, answer.refused.faults);
  return answer.edition;
}

function whyEnded(ended: 'time' | 'memory' | 'early', limits: ApartLimits): string {
  if (ended === 'time') return `Reading it took more than ${limits.seconds} s.`;
  if (ended === 'memory') return `Reading it takes more than ${limits.memoryMiB} MiB of memory.`;
  return 'Its reader ended before it was read.';
}
