import { fromBufferPromise } from 'yauzl';
import type { ArchiveFile } from './zip.ts';

export type UnzipCaps = {
  readonly files: number;
  /** Of all files together, unpacked. */
  readonly bytes: number;
  /** Unpacked size over packed size, for what is larger than a megabyte. */
  readonly ratio: number;
};

/** Why an archive is not unpacked: a sentence's end, for whoever sent it. */
export class ArchiveRefused extends Error {}

const freeBytes = 1024 * 1024;

/**
 * Unpacks what the archive's directory lists, and nothing that hides beside it.
 * @throws {ArchiveRefused} for what is no archive, is encrypted, leads out of it, or is larger than the caps
 */
export async function unzip(bytes: Buffer, caps: UnzipCaps): Promise<ArchiveFile[]> {
  try {
    return await unpack(bytes, caps);
  } catch (error) {
    if (error instanceof ArchiveRefused) throw error;
    throw new ArchiveRefused('it is no whole zip archive', { cause: error });
  }
}

async function unpack(bytes: Buffer, caps: UnzipCaps): Promise<ArchiveFile[]> {
  const archive = await fromBufferPromise(bytes, { lazyEntries: true, strictFileNames: true });
  const files: ArchiveFile[] = [];
  const seen = new Set<string>();
  let unpacked = 0;
  for await (const entry of archive.eachEntry()) {
    const path = entry.fileName;
    if (path.endsWith('/')) continue;
    if (entry.isEncrypted()) throw new ArchiveRefused(`"${shown(path)}" in it is encrypted`);
    if (seen.has(path)) throw new ArchiveRefused(`"${shown(path)}" is in it twice`);
    seen.add(path);
    unpacked += entry.uncompressedSize;
    if (files.length >= caps.files) throw new ArchiveRefused(`it holds more than ${caps.files} files`);
    if (unpacked > caps.bytes || unpacked > Math.max(freeBytes, bytes.length * caps.ratio))
      throw new ArchiveRefused('it unpacks to far more than its size');
    // yauzl ends the stream with an error where an entry unpacks to more than it said.
    const parts: Buffer[] = [];
    for await (const part of await archive.openReadStreamPromise(entry)) parts.push(part as Buffer); // a byte stream
    files.push({ path, bytes: Buffer.concat(parts) });
  }
  return files;
}

const shown = (path: string): string => path.slice(0, 80).replaceAll(/[^\x20-\x7e]/g, '?');
