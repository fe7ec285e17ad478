/**
 * Ids and secrets from the system's random source, as an argument that tests control.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock/index.ts';

export interface Ids {
  /** A UUIDv7: sorts by the clock's time. */
  uuid(): string;
  /** `bytes` random bytes in base64url: for tokens and links. */
  secret(bytes: number): string;
}

const idsAtOnce = 64;

export function systemIds(clock: Clock): Ids {
  // Asked of the system for many at once: that is most of what an id costs.
  let random = Buffer.alloc(0);
  const take = (bytes: number): Buffer => {
    if (random.length < bytes) random = randomBytes(bytes * idsAtOnce);
    const taken = random.subarray(0, bytes);
    random = random.subarray(bytes);
    return taken;
  };
  return {
    uuid: () => uuidv7(clock.now().getTime(), take(10)),
    secret: (bytes) => randomBytes(bytes).toString('base64url'),
  };
}

/** Ids for tests: counted, not random. */
export function countedIds(): Ids {
  let next = 0;
  return {
    uuid: () => `00000000-0000-7000-8000-${(++next).toString(16).padStart(12, '0')}`,
    secret: () => `secret-${++next}`,
  };
}

/** @see RFC 9562, 5.7 */
function uuidv7(milliseconds: number, random: Buffer): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(milliseconds, 0, 6);
  random.copy(bytes, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
