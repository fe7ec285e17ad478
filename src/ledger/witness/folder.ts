import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Cosigner, createCosigner, openNote, parseCheckpoint, type Verifier } from '@ironbark/tlog';
import { z } from 'zod';
import { WitnessFolderUnusable } from './errors.ts';

/** What a witness keeps: its key, and of each log the newest checkpoint that it cosigned. */
export type WitnessFolder = {
  readonly cosigner: Cosigner;
  /** The signed note, with the witness's own cosignature; undefined where it cosigned none. */
  latest(
    origin: string,
  ): { readonly size: number; readonly root: Uint8Array; readonly note: string } | undefined;
  byHash(originHash: string): string | undefined;
  /** On the disk when it returns. */
  keep(origin: string, note: string): void;
  close(): void;
};

const keyShape = z.object({ name: z.string(), key: z.string() });

/** What logs are found by. @see c2sp.org/tlog-witness, monitor retrieval */
const hashOf = (origin: string): string => createHash('sha256').update(origin, 'utf8').digest('hex');

/**
 * Opens the folder for this process alone; its key is made at the first start.
 * @param name of the key, at the first start
 * @throws {WitnessFolderUnusable}
 */
export function openWitnessFolder(folder: string, name: string): WitnessFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unlock = lock(folder);
  try {
    const cosigner = cosignerIn(folder, name);
    const place = (hash: string): string => join(folder, `${hash}.checkpoint`);
    const read = (hash: string): string | undefined =>
      existsSync(place(hash)) ? readFileSync(place(hash), 'utf8') : undefined;
    return {
      cosigner,
      byHash: (hash) => (/^[0-9a-f]{64}$/.test(hash) ? read(hash) : undefined),
      latest: (origin) => latestIn(folder, read(hashOf(origin)), origin, cosigner.verifier),
      keep: (origin, note) => writeWhole(folder, place(hashOf(origin)), note),
      close: unlock,
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** A file that this very witness did not sign is no memory: it is not started with. */
function latestIn(folder: string, note: string | undefined, origin: string, own: Verifier) {
  if (note === undefined) return undefined;
  try {
    openNote(note, [own]);
    const checkpoint = parseCheckpoint(note);
    if (checkpoint.origin === origin) return { size: checkpoint.size, root: checkpoint.root, note };
  } catch (error) {
    throw new WitnessFolderUnusable(folder, `its checkpoint of ${origin} is damaged`, error);
  }
  throw new WitnessFolderUnusable(folder, `its checkpoint of ${origin} is of another log`);
}

function cosignerIn(folder: string, name: string): Cosigner {
  const path = join(folder, 'key.json');
  if (!existsSync(path)) {
    const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    createCosigner(name, createPrivateKey(key));
    writeWhole(folder, path, `${JSON.stringify({ name, key }, null, 2)}\n`);
  }
  try {
    const kept = keyShape.parse(JSON.parse(readFileSync(path, 'utf8')));
    return createCosigner(kept.name, createPrivateKey(kept.key));
  } catch (error) {
    throw new WitnessFolderUnusable(folder, 'its key.json is damaged', error);
  }
}

/** For its owner's eyes only, there as a whole or not at all, and on the disk. */
function writeWhole(folder: string, path: string, text: string): void {
  const aside = `${path}.new`;
  rmSync(aside, { force: true });
  const file = openSync(aside, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(aside, path);
  const directory = openSync(folder, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/** Two processes on one folder could cosign two futures. The lock of a process that died is taken over. */
function lock(folder: string): () => void {
  const path = join(folder, 'lock');
  for (let tries = 0; tries < 2; tries++) {
    try {
      const file = openSync(path, 'wx', 0o600);
      writeSync(file, String(process.pid));
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      const holder = Number(existsSync(path) ? readFileSync(path, 'utf8') : '');
      if (!Number.isInteger(holder) || holder <= 0 || alive(holder))
        throw new WitnessFolderUnusable(folder, 'another witness uses it', error);
      rmSync(path, { force: true });
    }
  }
  throw new WitnessFolderUnusable(folder, 'another witness uses it');
}

function alive(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
