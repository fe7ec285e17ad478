import {
  calculateJwkThumbprint,
  CompactSign,
  compactVerify,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';
import { z } from 'zod';

const algorithm = 'ES384';

/** The provider's own signature: ECDSA on P-384 with SHA-384, which ISM-0475 prefers for PROTECTED. */
export type Countersigner = {
  /** Without the private part. */
  readonly publicKey: PublicKey;
  /** @returns a compact JWS over the text */
  sign(text: string): Promise<string>;
};

export const publicKey = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-384'),
  x: z.string().max(100),
  y: z.string().max(100),
  kid: z.string().max(100),
});
export type PublicKey = z.infer<typeof publicKey>;

const privateKey = publicKey.omit({ kid: true }).extend({ d: z.string() });

/** A new key, as the text that is kept in a file of its owner's. */
export async function newCountersigningKey(): Promise<string> {
  const { privateKey: made } = await generateKeyPair(algorithm, { extractable: true });
  return `${JSON.stringify(await exportJWK(made))}\n`;
}

/** @param text a JWK (RFC 7517) with the private key on P-384 @throws when it is something else */
export async function openCountersigner(text: string): Promise<Countersigner> {
  const jwk = privateKey.parse(JSON.parse(text));
  const key = await importJWK(jwk, algorithm);
  const { d: _private, ...open } = jwk;
  const kid = await calculateJwkThumbprint(open, 'sha256');
  return {
    publicKey: { ...open, kid },
    sign: (given) =>
      new CompactSign(new TextEncoder().encode(given)).setProtectedHeader({ alg: algorithm, kid }).sign(key),
  };
}

/** @returns what was signed @throws when the signature is not this key's */
export async function countersigned(jws: string, key: PublicKey): Promise<string> {
  const { payload } = await compactVerify(jws, await importJWK(key satisfies JWK, algorithm), {
    algorithms: [algorithm],
  });
  return new TextDecoder('utf-8', { fatal: true }).decode(payload);
}

/** The thumbprint that a key with these numbers has. @see RFC 7638 */
export const thumbprintOf = ({ kty, crv, x, y }: PublicKey): Promise<string> =>
  calculateJwkThumbprint({ kty, crv, x, y }, 'sha256');
