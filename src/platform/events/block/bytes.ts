/** Bytes that grow by doubling and are used again for the next block. */
export class GrowingBytes {
  bytes: Buffer;
  length = 0;

  constructor(capacity = 1024) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** Makes room for `more` bytes. */
  reserve(more: number): void {
    const wanted = this.length + more;
    if (wanted <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(wanted, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  raw(source: Uint8Array): void {
    this.reserve(source.length);
    this.bytes.set(source, this.length);
    this.length += source.length;
  }

  uint64(value: number): void {
    this.reserve(8);
    this.bytes.writeUInt32LE(value >>> 0, this.length);
    this.bytes.writeUInt32LE(Math.floor(value / 0x1_0000_0000), this.length + 4);
    this.length += 8;
  }

  /** LEB128. `value` below 2^31. */
  varint(value: number): void {
    this.reserve(5);
    this.length = putVarint(this.bytes, this.length, value);
  }

  /** ClickHouse's String: length as varint, then UTF-8. A lone surrogate becomes U+FFFD. */
  string(text: string): void {
    const size = text.length;
    // UTF-8 takes at most 3 bytes a UTF-16 unit.
    this.reserve(size * 3 + 5);
    const { bytes } = this;
    if (size < shortText) {
      const at = this.length + 1;
      let index = 0;
      for (; index < size; index++) {
        const code = text.charCodeAt(index);
        if (code > 0x7f) break;
        bytes[at + index] = code;
      }
      if (index === size) {
        bytes[at - 1] = size;
        this.length = at + size;
        return;
      }
    }
    const lengthBytes = varintBytes(size);
    const written = bytes.write(text, this.length + lengthBytes, 'utf8');
    const more = varintBytes(written) - lengthBytes;
    // Not ASCII, and its length needs one more byte than was left free.
    if (more > 0)
      bytes.copyWithin(
        this.length + lengthBytes + more,
        this.length + lengthBytes,
        this.length + lengthBytes + written,
      );
    this.length = putVarint(bytes, this.length, written) + written;
  }
}

/** Below this a loop beats the call into Buffer; below 128 the length is one byte. */
const shortText = 40;

function putVarint(bytes: Buffer, at: number, value: number): number {
  let rest = value;
  let next = at;
  while (rest > 0x7f) {
    bytes[next++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[next++] = rest;
  return next;
}

function varintBytes(value: number): number {
  let count = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) count++;
  return count;
}
