import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { TileSource } from '@ironbark/tlog';
import type { Io } from '../command.ts';
import { NoServer, UsageError } from '../errors.ts';

const maxBytes = 32 * 1024 * 1024;

/**
 * The tiles of a log that lie in a folder (as "ledger export" writes them) or at an address (its prefix).
 * An address is asked with IRONBARK_TOKEN, where that is set: entries are not public.
 */
export function tilesIn(place: string, { env }: Pick<Io, 'env'>): TileSource {
  if (!/^https?:\/\//.test(place)) {
    const folder = resolve(place);
    if (!existsSync(join(folder, 'checkpoint')))
      throw new UsageError(
        `${folder} holds no "checkpoint": give a folder made by "ironbark ledger export".`,
      );
    return async (path) => {
      const file = join(folder, path);
      return existsSync(file) ? readFile(file) : undefined;
    };
  }
  const token = env['IRONBARK_TOKEN'];
  return async (path) => {
    const url = `${place.replace(/\/+$/, '')}/${path}`;
    const answer = await fetch(url, {
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      signal: AbortSignal.timeout(30_000),
    }).catch((error: unknown) => {
      throw new NoServer(`${url} does not answer.`, error);
    });
    if (answer.status === 404) return undefined;
    if (answer.status === 401 || answer.status === 403)
      throw new UsageError(
        `${url} is not open to you. Set IRONBARK_TOKEN to a token of the provider's with ledger.read, or leave the entries out with --hashes.`,
      );
    if (answer.status !== 200) throw new NoServer(`${url} answered ${answer.status}.`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (bytes.length > maxBytes) throw new NoServer(`${url} answered more than this program takes.`);
    return bytes;
  };
}
