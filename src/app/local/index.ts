/**
 * How the command line on this machine reaches the running server: who can read this file (mode 0600 in a folder of
 * mode 0700) owns the data, and so may administer it. New at each start, gone after an orderly stop.
 * Not here: what the command line then asks (cli).
 * INVARIANT: it loads nothing of the system, so that a command starts fast.
 */
import { readFileSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { z } from 'zod';
import type { Ids } from '#platform/ids';
import { placesIn, writePrivate } from '../folder.ts';

const localDoor = z.object({
  url: z.url(),
  secret: z.string(),
  pid: z.number().int(),
  /** PEM of the server's certificate, where it speaks TLS: the only one that is trusted on this way. */
  certificate: z.string().optional(),
});
export type LocalDoor = z.infer<typeof localDoor>;

const secretBytes = 32;

export const newLocalSecret = (ids: Ids): string => `ibl_${ids.secret(secretBytes)}`;

export const localName = (): string => `${userInfo().username} on this machine`;

export function openLocalDoor(data: string, door: LocalDoor): void {
  writePrivate(placesIn(data).local, JSON.stringify(door));
}

export function closeLocalDoor(data: string): void {
  rmSync(placesIn(data).local, { force: true });
}

/** Undefined when no server runs on this folder, or it is not ours to read. */
export function findLocalDoor(data: string): LocalDoor | undefined {
  try {
    return localDoor.parse(JSON.parse(readFileSync(placesIn(data).local, 'utf8')));
  } catch {
    return undefined;
  }
}
