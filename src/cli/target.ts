import { resolve } from 'node:path';
import { findLocalDoor } from '#app/local';
import type { Target } from './client.ts';
import type { Io } from './command.ts';
import { NoServer } from './errors.ts';
import { configOf } from './settings.ts';

/**
 * IRONBARK_URL with IRONBARK_TOKEN names a server anywhere. Without an address it is the one that runs on our data
 * folder; without a token we come as who can read that folder.
 * @throws {NoServer}
 */
export function findTarget(io: Io): Target {
  const { IRONBARK_URL: url, IRONBARK_TOKEN: token } = io.env;
  if (url !== undefined) {
    if (token === undefined) throw new NoServer('IRONBARK_URL is set, and IRONBARK_TOKEN is not.');
    return { url, token };
  }
  const data = resolve(io.root, configOf(io).config.data);
  const door = findLocalDoor(data);
  if (door === undefined)
    throw new NoServer(`No server runs on the data folder ${data} (or it is not yours to read).`);
  return { url: door.url, token: token ?? door.secret, certificate: door.certificate };
}
