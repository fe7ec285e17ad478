import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { PackRefused } from './errors.ts';
import { PackBuilder, type PackFiles, type PackLimits, packLimits } from './pack-files.ts';
import { readTar } from './read-tar.ts';
import { readZip } from './read-zip.ts';

/**
 * A folder, .zip, .tar, .tar.gz or single file on this machine.
 * @throws {PackRefused}
 */
export async function readPack(path: string, limits: PackLimits = packLimits): Promise<PackFiles> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    throw new PackRefused(
      path,
      error.code === 'ENOENT' ? 'there is nothing of that name' : 'it can not be read',
      error,
    );
  });
  if (found.isDirectory()) {
    const pack = new PackBuilder(path, limits);
    await readFolder(path, '', pack);
    return pack.finish();
  }
  if (!found.isFile()) throw new PackRefused(path, 'it is neither a file nor a folder');
  if (found.size > limits.totalBytes)
    throw new PackRefused(path, `it is larger than ${limits.totalBytes} bytes`);
  return readPackBytes(basename(path), await readFile(path), limits);
}

/**
 * The same from bytes that were sent: what they are is told by the bytes, not by the name.
 * @throws {PackRefused}
 */
export async function readPackBytes(
  name: string,
  bytes: Buffer,
  limits: PackLimits = packLimits,
): Promise<PackFiles> {
  const pack = new PackBuilder(name, limits);
  if (bytes.length > limits.totalBytes) pack.refuse(`it is larger than ${limits.totalBytes} bytes`);
  if (bytes.subarray(0, 4).equals(zipMagic)) await readZip(bytes, pack);
  else if (bytes[0] === 0x1f && bytes[1] === 0x8b) await readGzip(basename(name), bytes, pack);
  else if (isTar(bytes)) await readTar(bytes, false, pack);
  else if (pack.wants(basename(name), 'file')) pack.add(basename(name), bytes);
  return pack.finish();
}

/** A tar, or one file by itself as lists of scores come (epss_scores.csv.gz). */
async function readGzip(name: string, bytes: Buffer, pack: PackBuilder): Promise<void> {
  if (isTar(headOf(bytes, pack))) return readTar(bytes, true, pack);
  const path = name.replace(/\.gz$/i, '');
  if (pack.wants(path, 'file')) pack.add(path, unzipped(bytes, pack));
}

const isTar = (bytes: Buffer): boolean => bytes.subarray(257, 262).toString('latin1') === 'ustar';

/** Enough to tell a tar by. A file that is cut off tells too. */
function headOf(bytes: Buffer, pack: PackBuilder): Buffer {
  try {
    return gunzipSync(bytes.subarray(0, 65_536), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: 80 << 20,
    });
  } catch (error) {
    return pack.refuse('it is no whole gzip file', error);
  }
}

function unzipped(bytes: Buffer, pack: PackBuilder): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: pack.unpackedLimit(bytes.length) });
  } catch (error) {
    const over = error instanceof RangeError;
    return pack.refuse(over ? 'it unpacks to far more than its size' : 'it is no whole gzip file', error);
  }
}

const zipMagic = Buffer.from('PK\u0003\u0004', 'latin1');

/** Links are not followed; `.git` and other hidden folders are not content. */
async function readFolder(root: string, inside: string, pack: PackBuilder): Promise<void> {
  const entries = await readdir(`${root}/${inside}`, { withFileTypes: true });
  for (const entry of entries) {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) await readFolder(root, path, pack);
    else if (pack.wants(path, entry.isFile() ? 'file' : 'other')) {
      pack.check((await lstat(`${root}/${path}`)).size, path);
      pack.add(path, await readFile(`${root}/${path}`));
    }
  }
}
