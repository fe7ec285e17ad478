/** The data types of SSH. @see RFC 4251, 5 */
export function string(value: Buffer | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return Buffer.concat([uint32(bytes.length), bytes]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

/** @param magnitude big-endian, of a positive number */
export function mpint(magnitude: Buffer): Buffer {
  let start = 0;
  while (start < magnitude.length && magnitude[start] === 0) start++;
  const bytes = magnitude.subarray(start);
  const high = bytes[0] !== undefined && bytes[0] >= 0x80;
  return string(high ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** What does not keep to the format: thrown by a reader, caught by whoever asked for the whole. */
export class Malformed extends Error {}

export type Reader = {
  readonly at: number;
  readonly done: boolean;
  string(): Buffer;
  text(): string;
  uint32(): number;
  uint64(): bigint;
};

/** Reads from the front; every length is checked against what is left. */
export function reader(bytes: Buffer): Reader {
  let at = 0;
  const take = (length: number): Buffer => {
    if (length > bytes.length - at) throw new Malformed(`${length} bytes wanted at ${at} of ${bytes.length}`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  const asString = (): Buffer => take(take(4).readUInt32BE());
  return {
    get at() {
      return at;
    },
    get done() {
      return at === bytes.length;
    },
    string: asString,
    text: () => asString().toString('utf8'),
    uint32: () => take(4).readUInt32BE(),
    uint64: () => take(8).readBigUInt64BE(),
  };
}

/** A string that holds strings, as certificates have them. */
export function list(bytes: Buffer): string[] {
  const found: string[] = [];
  const read = reader(bytes);
  while (!read.done) found.push(read.text());
  return found;
}

/** The magnitude of a positive mpint in exactly `size` bytes. */
export function magnitude(bytes: Buffer, size: number): Buffer {
  let start = 0;
  while (start < bytes.length && bytes[start] === 0) start++;
  const length = bytes.length - start;
  if (length > size || (bytes[0] ?? 0) >= 0x80) throw new Malformed('an integer is out of range');
  return Buffer.concat([Buffer.alloc(size - length), bytes.subarray(start)]);
}
