import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  chmodSync,
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
import { dirname, join } from 'node:path';
import { blobOf } from './ssh/keys.ts';

/** A private key of ours, and its public half in SSH's own form. */
export type Authority = { readonly key: KeyObject; readonly blob: Buffer };

/**
 * Three keys with one use each. An engineer's certificate is worth nothing at a target, and a target's nothing here.
 */
export type Authorities = {
  /** Signs what engineers connect to the gateway with. Trusted by the gateway alone. */
  readonly engineers: Authority;
  /** Signs what the gateway connects to targets with. Their sshd trusts it (TrustedUserCAKeys). */
  readonly targets: Authority;
  /** The gateway's host key. */
  readonly host: Authority;
};

/** ECDSA P-384. SOURCE: ISM-0475 prefers it for PROTECTED; the list of approved algorithms has no EdDSA (ISM-0471). */
const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;

/** Made at the first start, and readable by their owner only. */
export function openAuthorities(folder: string): Authorities {
  const open = (name: string): Authority => {
    const key = keyIn(join(folder, `ssh-${name}.key`));
    return { key, blob: blobOf(key) };
  };
  return { engineers: open('engineers'), targets: open('targets'), host: open('host') };
}

function keyIn(path: string): KeyObject {
  if (!existsSync(path)) writePrivate(path, String(newKey().export({ type: 'pkcs8', format: 'pem' })));
  chmodSync(path, 0o600);
  return createPrivateKey(readFileSync(path, 'utf8'));
}

/** There as a whole, or not at all. */
function writePrivate(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.${process.pid}`;
  rmSync(aside, { force: true });
  const file = openSync(aside, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(aside, path);
}
