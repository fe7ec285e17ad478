import { createHash } from 'node:crypto';
import { packFiles } from '#platform/content';
import type { Tx } from '#platform/records';
import { editionOf } from './store.ts';

const catalogue = /^\uFEFF?\s*\{\s*"catalog"\s*:/;

/** The catalogue that an edition was read from, as it came. @returns undefined where there is no such edition */
export async function catalogueFile(
  tx: Tx,
  editionId: string,
): Promise<{ readonly sha256: string; readonly text: string } | undefined> {
  const edition = await editionOf(tx, editionId);
  if (edition === undefined) return undefined;
  const file = (await packFiles(tx, edition.packId)).find(({ text }) => catalogue.test(text.slice(0, 200)));
  if (file === undefined) return undefined;
  return { text: file.text, sha256: createHash('sha256').update(file.text).digest('hex') };
}
