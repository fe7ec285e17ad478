import { mkdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { DataFolderInUse } from './errors.ts';

/**
 * Holds a folder for this process: PGlite itself would let two processes write the same files.
 * On Linux the lock is an abstract socket named by the folder's device and inode, so the kernel drops it with the
 * process, kill -9 included. It is per network namespace: two containers on one volume do not see each other.
 * @returns release
 * @throws {DataFolderInUse}
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (process.platform !== 'linux') return async () => undefined;
  const { dev, ino } = statSync(folder);
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new DataFolderInUse(folder) : error),
    );
    server.listen(`\0ironbark-folder-${dev}-${ino}`, resolve);
  });
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}
