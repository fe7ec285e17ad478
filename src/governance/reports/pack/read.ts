import { unzip } from '../archive/unzip.ts';
import type { ArchiveFile } from '../archive/zip.ts';

/** The files of an archive that was made here. @throws {ArchiveRefused} */
export const readBundle = (bytes: Buffer): Promise<ArchiveFile[]> =>
  unzip(bytes, { files: 20_000, bytes: 1024 ** 3, ratio: 10_000 });
