import { createHash } from 'node:crypto';

/**
 * The identity of an event as a UUID: 60 bits of its source's name (SHA-256) and 62 bits of its sequence, so that the same
 * event always has the same one and no two have.
 * @see RFC 9562, 5.8, version 8
 */
export class EventUids {
  readonly #prefixes = new Map<string, Buffer>();
  readonly #bytes = Buffer.alloc(16);
  #source: string | undefined;

  /** @returns bytes that are overwritten by the next call */
  of(source: string, sequence: number): Uint8Array {
    const bytes = this.#bytes;
    if (source !== this.#source) {
      bytes.set(this.#prefix(source));
      this.#source = source;
    }
    bytes.writeUInt32BE(0x80000000 + Math.floor(sequence / 2 ** 32), 8);
    bytes.writeUInt32BE(sequence >>> 0, 12);
    return bytes;
  }

  #prefix(source: string): Buffer {
    const known = this.#prefixes.get(source);
    if (known !== undefined) return known;
    const prefix = createHash('sha256').update(source).digest().subarray(0, 8);
    prefix.writeUInt8((prefix.readUInt8(6) & 0x0f) | 0x80, 6);
    if (this.#prefixes.size > 10_000) this.#prefixes.clear();
    this.#prefixes.set(source, prefix);
    return prefix;
  }
}

export function uidText(uid: Uint8Array): string {
  const hex = Buffer.from(uid.buffer, uid.byteOffset, 16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
