import { createHash, type Hash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, type Dirent } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { EvidenceRefused } from './errors.ts';
import { caps, sizeText } from './reading/caps.ts';

/** A file as it was received, aside: nobody knows of it until it is kept. */
export type Received = {
  /** SHA-256 of the bytes as they came, in hex. */
  readonly hash: string;
  readonly bytes: number;
  /** Where it lies, for `readPacked`. */
  readonly path: string;
  /** The bytes as they came, from the beginning. */
  readonly open: () => AsyncIterable<Buffer>;
  /** Puts it where files are kept, by its hash. It stays aside too, until `drop`. */
  readonly keep: () => Promise<void>;
  readonly drop: () => Promise<void>;
};

const aside = (folder: string): string => join(folder, 'arriving');
const placeOf = (folder: string, hash: string): string => join(folder, hash.slice(0, 2), `${hash}.zst`);

/**
 * Takes a file in, packed, counting and hashing it on the way.
 * @throws {EvidenceRefused} past the cap, and when it is empty
 */
export async function receive(folder: string, body: Readable): Promise<Received> {
  await mkdir(aside(folder), { recursive: true, mode: 0o700 });
  const path = join(aside(folder), `${randomBytes(12).toString('hex')}.zst`);
  const drop = (): Promise<void> => rm(path, { force: true });
  const hash = createHash('sha256');
  const count = { bytes: 0 };
  try {
    await pipeline(
      body,
      counting(hash, count),
      createZstdCompress(),
      createWriteStream(path, { mode: 0o600 }),
    );
    if (count.bytes === 0) throw new EvidenceRefused('it is empty.');
  } catch (error) {
    await drop();
    throw error;
  }
  const hex = hash.digest('hex');
  return {
    hash: hex,
    bytes: count.bytes,
    path,
    open: () => readPacked(path),
    keep: async () => {
      const place = placeOf(folder, hex);
      await mkdir(join(place, '..'), { recursive: true, mode: 0o700 });
      await sync(path);
      await rename(path, place);
      await sync(join(place, '..'));
    },
    drop,
  };
}

function counting(hash: Hash, count: { bytes: number }): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      count.bytes += chunk.length;
      if (count.bytes > caps.fileBytes)
        return done(
          new EvidenceRefused(
            `the file is larger than ${sizeText(caps.fileBytes)}. Pack it with gzip, or send it in parts.`,
          ),
        );
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

/** The bytes of a received file, from the beginning. */
export async function* readPacked(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path);
  const plain = createZstdDecompress();
  file.on('error', (error) => plain.destroy(error));
  file.pipe(plain);
  try {
    // A stream without an encoding gives buffers.
    yield* plain as AsyncIterable<Buffer>;
  } finally {
    file.destroy();
    plain.destroy();
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A kept file, as it was received; undefined where it is not there. Whoever reads it compares its hash. */
export async function openRaw(folder: string, hash: string): Promise<AsyncIterable<Buffer> | undefined> {
  const path = placeOf(folder, hash);
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? undefined : readPacked(path);
}

/** Removes what an import that died left aside, and kept files that no collection is of. @returns how many */
export async function sweepRaw(
  folder: string,
  olderThan: Date,
  isKnown: (hashes: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<number> {
  let removed = 0;
  for (const entry of await entries(folder)) {
    if (!entry.isDirectory()) continue;
    const inside = join(folder, entry.name);
    const files = await entries(inside);
    const hashes = files.map(({ name }) => name.replace(/\.zst$/, ''));
    const known = entry.name === 'arriving' ? new Set<string>() : await isKnown(hashes);
    for (const [at, { name }] of files.entries()) {
      const found = await stat(join(inside, name)).catch(() => undefined);
      if (known.has(hashes[at] ?? '') || found === undefined || found.mtime >= olderThan) continue;
      await rm(join(inside, name), { force: true });
      removed++;
    }
  }
  return removed;
}

const entries = (folder: string): Promise<Dirent[]> =>
  readdir(folder, { withFileTypes: true }).catch(() => []);
