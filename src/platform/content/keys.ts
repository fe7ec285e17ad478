import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { Invalid } from '#platform/errors';

export type Algorithm = 'Ed25519' | 'ES384';

/** Whose packs are taken. */
export type PackKey = {
  /** The first 128 bits of the SHA-256 of the key (SubjectPublicKeyInfo), in hex. */
  readonly id: string;
  readonly name: string;
  readonly algorithm: Algorithm;
  /** PEM. */
  readonly publicKey: string;
};

export type Signer = { readonly id: string; readonly sign: (bytes: Buffer) => Buffer };

/** @throws {Invalid} for what is no public key on Ed25519 or P-384, and for a private one: it must not get here */
export function packKey(name: string, pem: string): PackKey {
  if (/PRIVATE KEY/.test(pem))
    throw new Invalid('That is a private key. Keep it where it is, and give the public one.');
  const key = parsed(() => createPublicKey(pem));
  return {
    id: keyId(key),
    name,
    algorithm: algorithmOf(key),
    publicKey: key.export({ type: 'spki', format: 'pem' }).toString().trim(),
  };
}

/** Several PEM blocks, one after another. @throws {Invalid} */
export function packKeys(name: string, text: string): PackKey[] {
  const blocks = text.match(/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/g);
  if (blocks === null) throw new Invalid(`There is no public key (PEM) in ${name}.`);
  return blocks.map((block) => packKey(name, block));
}

/** @throws {Invalid} */
export function packSigner(pem: string): Signer {
  const key = parsed(() => createPrivateKey(pem));
  const algorithm = algorithmOf(key);
  return {
    id: keyId(createPublicKey(key)),
    sign: (bytes) =>
      algorithm === 'Ed25519'
        ? sign(null, bytes, key)
        : sign('sha384', bytes, { key, dsaEncoding: 'ieee-p1363' }),
  };
}

export function isSignedBy({ algorithm, publicKey }: PackKey, bytes: Buffer, signature: Buffer): boolean {
  return algorithm === 'Ed25519'
    ? verify(null, bytes, publicKey, signature)
    : verify('sha384', bytes, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}

const keyId = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 32);

function algorithmOf(key: KeyObject): Algorithm {
  if (key.asymmetricKeyType === 'ed25519') return 'Ed25519';
  if (key.asymmetricKeyDetails?.namedCurve === 'secp384r1') return 'ES384';
  throw new Invalid('Use a key on Ed25519 or on P-384.');
}

function parsed(read: () => KeyObject): KeyObject {
  try {
    return read();
  } catch (error) {
    // The cause stays out of the answer: OpenSSL may quote what it was given.
    throw new Invalid('That is no key in PEM, or it is locked with a pass phrase.', {}, error);
  }
}
