import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { sharedData } from './shared.ts';

/** Lines of a gzipped file, never the whole of it. */
export function gzipLines(path: string): AsyncIterable<string> {
  return createInterface({
    input: createReadStream(path).pipe(createGunzip()),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
}

/** YAML files of the public rule corpus whose path begins with one of these, e.g. `rules/cloud/gcp`. */
export async function corpusRules(folders: readonly string[]): Promise<{ path: string; text: string }[]> {
  const data = sharedData('detection');
  if (data === undefined) return [];
  const files: { path: string; text: string }[] = [];
  const tar = extract();
  createReadStream(`${data}/sigma-rules.tar.gz`).pipe(createGunzip()).pipe(tar);
  for await (const entry of tar) {
    const path = entry.header.name.replace(/^\.?\/?sigma-rules\//, '');
    if (!path.endsWith('.yml') || !folders.some((folder) => path.startsWith(folder))) {
      entry.resume();
      continue;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer); // A tar entry streams bytes.
    files.push({ path, text: Buffer.concat(chunks).toString('utf8') });
  }
  return files;
}
