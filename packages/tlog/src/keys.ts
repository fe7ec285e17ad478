import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { malformed, TlogError } from './errors.ts';
import { fromBase64, toBase64 } from './text.ts';

/**
 * How a signature is made, by the byte that stands for it.
 * @see c2sp.org/signed-note, signature types
 */
export const signatureTypes = { ed25519: 0x01, ecdsa: 0x02, cosignature: 0x04 } as const;

/** Checks signatures of one key. */
export type Verifier = {
  readonly name: string;
  readonly keyId: number;
  readonly type: number;
  /** As it is handed to others: name, key id, type and public key. */
  readonly vkey: string;
  /** The key itself, whatever name it has: two with the same are one. */
  readonly fingerprint: string;
  verify(noteText: string, signature: Uint8Array): boolean;
};

/** Signs notes with one key. */
export type Signer = {
  readonly verifier: Verifier;
  /** @returns the signature line, with its line end */
  sign(noteText: string): string;
};

/** Says when it saw a checkpoint. */
export type Cosigner = {
  readonly verifier: Verifier;
  /** @param seconds since 1970. @returns the signature line, with its line end */
  cosign(noteText: string, seconds: number): string;
};

/** No Unicode space, no plus, no control character. @see c2sp.org/signed-note, format */
export const isKeyName = (name: string): boolean =>
  name !== '' && name.isWellFormed() && name.length <= 500 && !/[\p{White_Space}+\p{Cc}]/u.test(name);

function keyIdOf(...parts: readonly (string | Uint8Array)[]): number {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest().readUInt32BE(0);
}

const hexOf = (keyId: number): string => keyId.toString(16).padStart(8, '0');

// RFC 8410, 4: what stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo.
const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex');
const ed25519Bytes = 32;

function ed25519Key(material: Uint8Array): KeyObject {
  if (material.length !== ed25519Bytes) throw malformed('an Ed25519 key has 32 bytes');
  return createPublicKey({ key: Buffer.concat([ed25519Prefix, material]), format: 'der', type: 'spki' });
}

function ecdsaKey(spki: Uint8Array): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch (error) {
    throw malformed('the key is no SubjectPublicKeyInfo', error);
  }
  const curve = key.asymmetricKeyDetails?.namedCurve ?? '';
  if (key.asymmetricKeyType !== 'ec' || !['prime256v1', 'secp384r1', 'secp521r1'].includes(curve))
    throw malformed('the key is on none of the curves P-256, P-384 and P-521');
  return key;
}

const spkiOf = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' });
const rawEd25519 = (key: KeyObject): Buffer => spkiOf(key).subarray(ed25519Prefix.length);

/** What is signed for a cosignature. @see c2sp.org/tlog-cosignature, Ed25519 signed message */
const cosigned = (noteText: string, seconds: bigint): Buffer =>
  Buffer.from(`cosignature/v1\ntime ${seconds}\n${noteText}`);

const ed25519SignatureBytes = 64;
const timeBytes = 8;

/** Seconds since 1970 of a cosignature of type 0x04. @throws {TlogError} malformed */
export function cosignatureTime(signature: Uint8Array): number {
  const bytes = Buffer.from(signature);
  if (bytes.length !== timeBytes + ed25519SignatureBytes) throw malformed('a cosignature has 72 bytes');
  const seconds = bytes.readBigUInt64BE(0);
  if (seconds > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed('the time of a cosignature is out of reach');
  return Number(seconds);
}

function verifies(type: number, key: KeyObject, noteText: string, signature: Uint8Array): boolean {
  if (type === signatureTypes.ed25519)
    return signature.length === ed25519SignatureBytes && verify(null, Buffer.from(noteText), key, signature);
  if (type === signatureTypes.ecdsa) return verify('sha256', Buffer.from(noteText), key, signature);
  if (signature.length !== timeBytes + ed25519SignatureBytes) return false;
  const seconds = Buffer.from(signature).readBigUInt64BE(0);
  return verify(null, cosigned(noteText, seconds), key, signature.subarray(timeBytes));
}

function verifierOf(name: string, type: number, key: KeyObject): Verifier {
  const material = type === signatureTypes.ecdsa ? spkiOf(key) : rawEd25519(key);
  // SOURCE: c2sp.org/signed-note: for 0x02 the key id is the hash of the key alone.
  const keyId =
    type === signatureTypes.ecdsa ? keyIdOf(material) : keyIdOf(name, '\n', Uint8Array.of(type), material);
  return {
    name,
    keyId,
    type,
    vkey: `${name}+${hexOf(keyId)}+${toBase64(Buffer.concat([Uint8Array.of(type), material]))}`,
    fingerprint: toBase64(material),
    verify: (noteText, signature) => verifies(type, key, noteText, signature),
  };
}

/** @throws {TlogError} malformed, also for a type of key that is not one of ours */
export function parseVkey(vkey: string): Verifier {
  const parts = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(vkey);
  if (parts === null || vkey.length > 4096)
    throw malformed('a verifier key has a name, a key id and a key, with + between');
  const [, name = '', id = '', encoded = ''] = parts;
  if (!isKeyName(name)) throw malformed("the verifier key's name holds a space or a control character");
  const bytes = fromBase64(encoded, 'the verifier key');
  const [type = 0] = bytes;
  const known: readonly number[] = Object.values(signatureTypes);
  if (!known.includes(type))
    throw malformed(`verifier keys of type 0x${type.toString(16).padStart(2, '0')} are not known here`);
  const material = bytes.subarray(1);
  const verifier = verifierOf(
    name,
    type,
    type === signatureTypes.ecdsa ? ecdsaKey(material) : ed25519Key(material),
  );
  if (hexOf(verifier.keyId) !== id) throw malformed("the verifier key's id is not that of its key");
  return verifier;
}

function signatureLine({ name, keyId }: Verifier, signature: Uint8Array): string {
  const id = Buffer.alloc(4);
  id.writeUInt32BE(keyId);
  return `\u2014 ${name} ${toBase64(Buffer.concat([id, signature]))}\n`;
}

function checkName(name: string): void {
  if (!isKeyName(name)) throw malformed(`"${name}" can not be the name of a key`);
}

/**
 * @param privateKey Ed25519, or ECDSA on P-256, P-384 or P-521
 * @throws {TlogError} malformed
 */
export function createSigner(name: string, privateKey: KeyObject): Signer {
  checkName(name);
  const publicKey = createPublicKey(privateKey);
  if (privateKey.asymmetricKeyType === 'ed25519') {
    const verifier = verifierOf(name, signatureTypes.ed25519, publicKey);
    return {
      verifier,
      sign: (text) => signatureLine(verifier, sign(null, Buffer.from(text), privateKey)),
    };
  }
  const verifier = verifierOf(name, signatureTypes.ecdsa, ecdsaKey(spkiOf(publicKey)));
  return {
    verifier,
    sign: (text) => signatureLine(verifier, sign('sha256', Buffer.from(text), privateKey)),
  };
}

/** @param privateKey Ed25519, used for nothing else. @throws {TlogError} malformed */
export function createCosigner(name: string, privateKey: KeyObject): Cosigner {
  checkName(name);
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new TlogError('malformed', 'a cosigner has an Ed25519 key');
  const verifier = verifierOf(name, signatureTypes.cosignature, createPublicKey(privateKey));
  return {
    verifier,
    cosign(text, seconds) {
      const time = Buffer.alloc(timeBytes);
      time.writeBigUInt64BE(BigInt(seconds));
      const signature = sign(null, cosigned(text, BigInt(seconds)), privateKey);
      return signatureLine(verifier, Buffer.concat([time, signature]));
    },
  };
}
