import { crc32 } from 'node:zlib';

/*
 * A segment is a row of records. A record, little-endian:
 *   8 bytes mark of the segment, u32 kind (top bit: head) and body length, u32 crc32 of the body,
 *   u32 crc32 of the 16 bytes before, body
 * The mark is random for each segment and part of its file name: what a sender puts into an item can never pass for a
 * record when reading picks up again behind a damaged place. The second checksum tells a damaged length from a damaged
 * body: with a good length, only that body is lost.
 */
export const markBytes = 8;
export const prefixBytes = markBytes + 12;
export const maxBodyBytes = 256 * 1024 * 1024;
const headBit = 0x8000_0000;

export type RecordKind = 'head' | 'frame';

/** Seals the `bodyLength` bytes that stand behind `at + prefixBytes` by writing their prefix. */
export function writePrefix(
  target: Buffer,
  at: number,
  mark: Buffer,
  kind: RecordKind,
  bodyLength: number,
): void {
  const bodyStart = at + prefixBytes;
  mark.copy(target, at);
  target.writeUInt32LE(kind === 'head' ? bodyLength + headBit : bodyLength, at + 8);
  target.writeUInt32LE(crc32(target.subarray(bodyStart, bodyStart + bodyLength)), at + 12);
  target.writeUInt32LE(crc32(target.subarray(at, at + 16)), at + 16);
}

export type Found =
  | { readonly state: 'record'; readonly kind: RecordKind; readonly body: Buffer; readonly end: number }
  /** The record goes on behind the end of `bytes`: it needs `bytes` up to `need`. */
  | { readonly state: 'short'; readonly need: number }
  /** `end` when the length can be trusted: the next record starts there. */
  | { readonly state: 'damaged'; readonly end: number | undefined };

export function recordAt(bytes: Buffer, at: number, mark: Buffer): Found {
  if (at + prefixBytes > bytes.length) return { state: 'short', need: at + prefixBytes };
  const kindAndLength = bytes.readUInt32LE(at + 8);
  const kind = kindAndLength >= headBit ? 'head' : 'frame';
  const length = kindAndLength % headBit;
  const prefixHolds =
    mark.equals(bytes.subarray(at, at + markBytes)) &&
    crc32(bytes.subarray(at, at + 16)) === bytes.readUInt32LE(at + 16) &&
    length <= maxBodyBytes;
  if (!prefixHolds) return { state: 'damaged', end: undefined };
  const end = at + prefixBytes + length;
  if (end > bytes.length) return { state: 'short', need: end };
  const body = bytes.subarray(at + prefixBytes, end);
  if (crc32(body) !== bytes.readUInt32LE(at + 12)) return { state: 'damaged', end };
  return { state: 'record', kind, body, end };
}

/** The first offset from `at` on where a whole, undamaged record stands; undefined when there is none. */
export function nextRecord(bytes: Buffer, at: number, mark: Buffer): number | undefined {
  let found = bytes.indexOf(mark, at);
  while (found !== -1) {
    if (recordAt(bytes, found, mark).state === 'record') return found;
    found = bytes.indexOf(mark, found + 1);
  }
  return undefined;
}

export type Step =
  | { readonly step: 'record'; readonly kind: RecordKind; readonly body: Buffer; readonly end: number }
  /** Bytes from the place asked to `end` are lost. */
  | { readonly step: 'damage'; readonly end: number }
  /** No whole record stands from the place asked to the end of `bytes`. */
  | { readonly step: 'torn' };

/** As `recordAt`, for `bytes` that hold the segment to its end: says where reading goes on. */
export function stepAt(bytes: Buffer, at: number, mark: Buffer): Step {
  const found = recordAt(bytes, at, mark);
  if (found.state === 'record') return { step: 'record', kind: found.kind, body: found.body, end: found.end };
  const from = found.state === 'damaged' && found.end !== undefined ? found.end : at + 1;
  const end = nextRecord(bytes, from, mark);
  return end === undefined ? { step: 'torn' } : { step: 'damage', end };
}
