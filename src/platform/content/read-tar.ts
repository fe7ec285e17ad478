import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { PackRefused } from './errors.ts';
import type { PackBuilder } from './pack-files.ts';

/** @throws {PackRefused} */
export async function readTar(bytes: Buffer, gzipped: boolean, pack: PackBuilder): Promise<void> {
  const tar = extract();
  tar.on('entry', (header, stream, next) => {
    const take = async (): Promise<void> => {
      const path = header.name.replace(/^\.\//, '');
      const wanted =
        path !== '' &&
        path !== '.' &&
        pack.wants(path, header.type === 'file' || header.type === 'contiguous-file' ? 'file' : 'other');
      if (wanted) pack.check(header.size ?? 0, path);
      const parts: Buffer[] = [];
      for await (const part of stream) if (wanted) parts.push(part as Buffer); // an entry gives Buffers
      if (wanted) pack.add(path, Buffer.concat(parts));
    };
    take().then(
      () => next(),
      (error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  });
  try {
    const source = Readable.from(chunks(bytes));
    if (gzipped) await pipeline(source, createGunzip(), capped(pack.unpackedLimit(bytes.length), pack), tar);
    else await pipeline(source, tar);
  } catch (error) {
    if (error instanceof PackRefused) throw error;
    pack.refuse('it is no whole tar archive', error);
  }
}

/** So that a bomb is noticed before all of it is unpacked. */
function capped(most: number, pack: PackBuilder): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      try {
        if (seen > most) pack.refuse('it unpacks to far more than its size');
        done(null, chunk);
      } catch (error) {
        done(error as Error); // refuse throws a PackRefused
      }
    },
  });
}

function* chunks(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
