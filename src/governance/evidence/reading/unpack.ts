import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { EvidenceRefused } from '../errors.ts';
import { caps, sizeText } from './caps.ts';

/**
 * The bytes, unpacked when they are gzip.
 * @throws {EvidenceRefused} past the cap, or for a damaged or cut gzip file
 */
export async function* unpacked(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = packed[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return;
  const all = (async function* (): AsyncGenerator<Buffer> {
    try {
      yield first.value;
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
    } finally {
      await chunks.return?.();
    }
  })();
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
  if (!isGzip) return yield* capped(all);
  const inflate = createGunzip({ chunkSize: 256 * 1024 });
  const source = Readable.from(all, { objectMode: false });
  source.on('error', (error) => inflate.destroy(error));
  source.pipe(inflate);
  try {
    // A stream without an encoding gives buffers.
    yield* capped(inflate as AsyncIterable<Buffer>);
  } catch (error) {
    if (error instanceof EvidenceRefused) throw error;
    throw new EvidenceRefused('its gzip is damaged or ends too early.', {}, error);
  } finally {
    source.destroy();
    inflate.destroy();
  }
}

async function* capped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > caps.unpackedBytes)
      throw new EvidenceRefused(
        `unpacked it is larger than ${sizeText(caps.unpackedBytes)}. Send it in parts.`,
      );
    yield chunk;
  }
}
