import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

const nonceBytes = 12;
const tagBytes = 16;
/** What one chunk may become when it is unpacked: more than a recorder puts into one. */
const maxChunkBytes = 8 * 1024 * 1024;

/** Where a chunk stands: it opens there and nowhere else. */
export type Place = {
  readonly session: string;
  readonly recording: number;
  readonly number: number;
  /** The chain's hash before it. */
  readonly before: Buffer;
};

/** What the first chunk follows: bound to its recording. */
export const firstHash = (session: string, recording: number): Buffer =>
  createHash('sha256').update(`ironbark.recording.v1\n${session}\n${recording}`).digest();

const bound = ({ session, recording, number, before }: Place): Buffer =>
  Buffer.from(`${session}\n${recording}\n${number}\n${before.toString('hex')}`);

/** AES-256-GCM over the compressed text. */
export function sealChunk(text: string, key: Buffer, place: Place): { sealed: Buffer; hash: Buffer } {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound(place));
  const sealed = Buffer.concat([nonce, cipher.update(gzipSync(text)), cipher.final(), cipher.getAuthTag()]);
  return { sealed, hash: chained(place.before, sealed) };
}

/** The chain goes over what is stored, so that it can be followed without the key. */
export const chained = (before: Buffer, sealed: Buffer): Buffer =>
  createHash('sha256').update(before).update(createHash('sha256').update(sealed).digest()).digest();

/** @throws {Error} for a chunk that was changed, moved, or belongs to another recording */
export function openChunk(sealed: Buffer, key: Buffer, place: Place): string {
  const end = sealed.length - tagBytes;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
    .setAAD(bound(place))
    .setAuthTag(sealed.subarray(end));
  const packed = Buffer.concat([decipher.update(sealed.subarray(nonceBytes, end)), decipher.final()]);
  return gunzipSync(packed, { maxOutputLength: maxChunkBytes }).toString('utf8');
}
