import { createGzip } from 'node:zlib';
import { pack as tarPack } from 'tar-stream';
import type { ContentPack } from '#contract/platform/content';
import { contentList } from '#contract/platform/content';
import type { PackFile } from '#platform/content';
import type { Client } from './client.ts';
import { UsageError } from './errors.ts';

/** By its id, or by `NAME` (the active version of it), or `NAME@VERSION`. @throws {UsageError} */
export async function findPack(server: Client, wanted: string): Promise<ContentPack> {
  const { packs } = await server.get('/api/content', contentList);
  const [name, version] = splitAt(wanted);
  const found = packs.filter(
    (pack) =>
      pack.id === wanted ||
      (pack.name === name && (version === undefined ? pack.active : pack.version === version)),
  );
  const [pack] = found;
  if (pack === undefined)
    throw new UsageError(
      `There is no pack "${wanted}" (ID, NAME or NAME@VERSION). See: ironbark content list.`,
    );
  if (found.length > 1)
    throw new UsageError(`"${wanted}" is several packs. Give the id: ironbark content list.`);
  return pack;
}

function splitAt(text: string): [string, string | undefined] {
  const at = text.indexOf('@');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

export const signatureWord = ({ signature }: Pick<ContentPack, 'signature'>): string => {
  if (signature.state === 'signed') return `signed by ${signature.keyName ?? signature.key}`;
  if (signature.state === 'unknown-key') return `signed by ${signature.key}, not trusted any more`;
  return signature.state === 'shipped' ? 'ships with Ironbark' : 'nobody signed it';
};

export async function tarGz(files: readonly PackFile[]): Promise<Buffer> {
  const tar = tarPack();
  for (const { path, text } of files) tar.entry({ name: path }, text);
  tar.finalize();
  const parts: Buffer[] = [];
  // A Buffer stream: nobody set an encoding.
  for await (const part of tar.pipe(createGzip())) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
