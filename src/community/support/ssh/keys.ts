import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { Malformed, magnitude, mpint, reader, string } from './wire.ts';

type Curve = { readonly jwk: string; readonly size: number; readonly hash: string };

/** SOURCE: RFC 5656, 6.2.1 */
const curves: Readonly<Record<string, Curve>> = {
  nistp256: { jwk: 'P-256', size: 32, hash: 'sha256' },
  nistp384: { jwk: 'P-384', size: 48, hash: 'sha384' },
  nistp521: { jwk: 'P-521', size: 66, hash: 'sha512' },
};
const ecdsa = 'ecdsa-sha2-';

const curveOf = (type: string): Curve => {
  const curve = type.startsWith(ecdsa) ? curves[type.slice(ecdsa.length)] : undefined;
  if (curve === undefined) throw new Malformed(`keys of type ${type.slice(0, 40)} are not taken`);
  return curve;
};

/** How many strings a public key of this type has after its name. @throws {Malformed} for other types */
export const partsOf = (type: string): number => (type === 'ssh-ed25519' ? 1 : (curveOf(type), 2));

/** The key in SSH's own form. @see RFC 4253, 6.6; RFC 5656, 3.1; RFC 8709, 4 */
export function blobOf(key: KeyObject): Buffer {
  const {
    kty,
    crv,
    x = '',
    y = '',
  } = createPublicKey(key.type === 'private' ? pemOf(key) : exported(key)).export({
    format: 'jwk',
  });
  const bytes = (part: string): Buffer => Buffer.from(part, 'base64url');
  if (kty === 'OKP') return Buffer.concat([string('ssh-ed25519'), string(bytes(x))]);
  const name = Object.keys(curves).find((curve) => curves[curve]?.jwk === crv);
  if (name === undefined) throw new Malformed('the key is of a kind that SSH does not know');
  const point = Buffer.concat([Buffer.from([4]), bytes(x), bytes(y)]);
  return Buffer.concat([string(`${ecdsa}${name}`), string(name), string(point)]);
}

const pemOf = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' });
const exported = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' });

/** @throws {Malformed} */
export function keyOf(blob: Buffer): { readonly type: string; readonly key: KeyObject } {
  const read = reader(blob);
  const type = read.text();
  const jwk = type === 'ssh-ed25519' ? ed25519(read.string()) : point(type, read.text(), read.string());
  if (!read.done) throw new Malformed('the key has something after its end');
  try {
    return { type, key: createPublicKey({ key: jwk, format: 'jwk' }) };
  } catch {
    throw new Malformed('the key is not a point of its curve');
  }
}

function ed25519(x: Buffer) {
  if (x.length !== 32) throw new Malformed('an Ed25519 key has 32 bytes');
  return { kty: 'OKP', crv: 'Ed25519', x: x.toString('base64url') };
}

function point(type: string, name: string, bytes: Buffer) {
  const { jwk, size } = curveOf(type);
  if (type !== `${ecdsa}${name}`) throw new Malformed("the curve is not the key type's");
  if (bytes.length !== 1 + 2 * size || bytes[0] !== 4) throw new Malformed('the point is not uncompressed');
  const part = (from: number): string => bytes.subarray(from, from + size).toString('base64url');
  return { kty: 'EC', crv: jwk, x: part(1), y: part(1 + size) };
}

/** A line of authorized_keys or a .pub file: type, base64, comment. @returns the blob @throws {Malformed} */
export function blobOfLine(line: string): Buffer {
  const [type = '', encoded = ''] = line.trim().split(/\s+/, 2);
  const blob = Buffer.from(encoded, 'base64');
  if (keyOf(blob).type !== type) throw new Malformed("the line's first word is not the key's type");
  return blob;
}

export const lineOf = (blob: Buffer, comment: string): string =>
  `${reader(blob).text()} ${blob.toString('base64')} ${comment}`;

/** As `ssh-keygen -l` shows it. */
export const fingerprintOf = (blob: Buffer): string =>
  `SHA256:${createHash('sha256').update(blob).digest('base64').replaceAll('=', '')}`;

/** SSH's form of a signature: algorithm, and the signature in it. @see RFC 5656, 3.1.2; RFC 8709, 6 */
export function signWith(key: KeyObject, data: Buffer): Buffer {
  const type = reader(blobOf(key)).text();
  if (type === 'ssh-ed25519') return Buffer.concat([string(type), string(sign(null, data, key))]);
  const { size, hash } = curveOf(type);
  const both = sign(hash, data, { key, dsaEncoding: 'ieee-p1363' });
  return Buffer.concat([
    string(type),
    string(Buffer.concat([mpint(both.subarray(0, size)), mpint(both.subarray(size))])),
  ]);
}

/** Is `signature`, in SSH's form, this key's over the data? False for whatever can't be read. */
export function isSignedBy(blob: Buffer, data: Buffer, signature: Buffer): boolean {
  try {
    const { type, key } = keyOf(blob);
    const read = reader(signature);
    // The signature's own algorithm must be the key's: no weaker one slips in.
    if (read.text() !== type) return false;
    const bytes = read.string();
    if (!read.done) return false;
    if (type === 'ssh-ed25519') return verify(null, data, key, bytes);
    const { size, hash } = curveOf(type);
    const parts = reader(bytes);
    const both = Buffer.concat([magnitude(parts.string(), size), magnitude(parts.string(), size)]);
    return parts.done && verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, both);
  } catch (error) {
    if (error instanceof Malformed) return false;
    throw error;
  }
}
