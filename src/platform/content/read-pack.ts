import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
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
  else if (bytes[0] === 0x1f && bytes[1] === 0x8b) await readTar(bytes, true, pack);
  else if (bytes.subarray(257, 262).toString('latin1') === 'ustar') await readTar(bytes, false, pack);
  else if (pack.wants(basename(name), 'file')) pack.add(basename(name), bytes);
  return pack.finish();
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
