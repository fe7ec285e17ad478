import { type Entry, fromBufferPromise } from 'yauzl';
import { PackRefused } from './errors.ts';
import type { PackBuilder } from './pack-files.ts';

/** @throws {PackRefused} */
export async function readZip(bytes: Buffer, pack: PackBuilder): Promise<void> {
  const most = pack.unpackedLimit(bytes.length);
  let unpacked = 0;
  try {
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, strictFileNames: true });
    for await (const entry of zip.eachEntry()) {
      if (!pack.wants(entry.fileName, kindOf(entry))) continue;
      if (entry.isEncrypted()) pack.refuse(`${entry.fileName} is encrypted`);
      pack.check(entry.uncompressedSize, entry.fileName);
      unpacked += entry.uncompressedSize;
      if (unpacked > most) pack.refuse('it unpacks to far more than its size');
      // yauzl ends the stream with an error where an entry unpacks to more than it said.
      const parts: Buffer[] = [];
      for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer); // a byte stream
      pack.add(entry.fileName, Buffer.concat(parts));
    }
  } catch (error) {
    if (error instanceof PackRefused) throw error;
    pack.refuse('it is no whole zip archive, or has a path that leads out of it', error);
  }
}

/** Unix file types are in the upper half of the external attributes: a link is 0o120000. */
function kindOf(entry: Entry): 'file' | 'other' {
  if (entry.fileName.endsWith('/')) return 'other';
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  return type === 0 || type === 0o100000 ? 'file' : 'other';
}
