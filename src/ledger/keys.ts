import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createSigner, isKeyName, type Signer } from '@ironbark/tlog';
import { z } from 'zod';
import { LedgerKeysUnreadable } from './errors.ts';

/** Who signs for this ledger. The origin is its name for ever: receipts and witnesses know it by that. */
export type LedgerKeys = {
  readonly origin: string;
  /** Ed25519, which every tool reads; ECDSA on P-384, which the ISM prefers for PROTECTED. */
  readonly signers: readonly Signer[];
};

const shape = z.object({
  origin: z.string().refine(isKeyName, 'an origin has no spaces and no plus'),
  ed25519: z.string(),
  ecdsa: z.string(),
});

const pemOf = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();

/** The text of a new file of keys: to be kept from everybody else. */
export function newLedgerKeys(origin: string): string {
  const keys: z.infer<typeof shape> = {
    origin,
    ed25519: pemOf(generateKeyPairSync('ed25519').privateKey),
    ecdsa: pemOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey),
  };
  return `${JSON.stringify(keys, null, 2)}\n`;
}

/** @throws {LedgerKeysUnreadable} */
export function readLedgerKeys(text: string): LedgerKeys {
  try {
    const { origin, ed25519, ecdsa } = shape.parse(JSON.parse(text));
    const privateKeys = [createPrivateKey(ed25519), createPrivateKey(ecdsa)];
    const [first, second] = privateKeys;
    if (first?.asymmetricKeyType !== 'ed25519') throw new Error('"ed25519" is not an Ed25519 key');
    if (second?.asymmetricKeyDetails?.namedCurve !== 'secp384r1')
      throw new Error('"ecdsa" is not a key on P-384');
    return { origin, signers: privateKeys.map((key) => createSigner(origin, key)) };
  } catch (error) {
    throw new LedgerKeysUnreadable(error instanceof Error ? error.message : String(error), error);
  }
}
