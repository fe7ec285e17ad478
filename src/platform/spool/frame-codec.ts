import { sourceId } from '#platform/scope';
import type { Frame, NewFrame, Wire } from './spool.ts';

/*
 * Body of a frame record, little-endian:
 *   u8 wire, u8 flags (1 = client ids), u8 source length, u8 peer length, u32 item count,
 *   f64 first sequence, f64 received at (epoch ms), source, peer,
 *   u32 length of each item, [u16 byte length of each client id, client ids], items
 */
const fixedBytes = 24;
const withClientIds = 1;
const wires: readonly Wire[] = ['json', 'syslog', 'line'];

/** Longer client ids are not ids: Elasticsearch itself stops at 512 bytes. */
const maxClientIdBytes = 0xffff;

/** Bytes that `encodeFrame` will write. */
export function encodedSize(frame: NewFrame): number {
  let size = fixedBytes + Buffer.byteLength(frame.source) + peerBytes(frame.peer).length;
  size += frame.items.length * 4;
  for (const item of frame.items) size += item.length;
  if (hasClientIds(frame)) for (const id of frame.clientIds) size += 2 + Buffer.byteLength(id);
  return size;
}

/**
 * @param target has room for `encodedSize(frame)` bytes from `at` on
 * @returns the offset behind the last byte written
 * @throws {RangeError} for a client id above 65,535 bytes or a source name above 255
 */
export function encodeFrame(frame: NewFrame, firstSequence: number, target: Buffer, at: number): number {
  const source = Buffer.from(frame.source);
  const peer = peerBytes(frame.peer);
  const clientIds = hasClientIds(frame);
  target.writeUInt8(wires.indexOf(frame.wire), at);
  target.writeUInt8(clientIds ? withClientIds : 0, at + 1);
  target.writeUInt8(source.length, at + 2);
  target.writeUInt8(peer.length, at + 3);
  target.writeUInt32LE(frame.items.length, at + 4);
  target.writeDoubleLE(firstSequence, at + 8);
  target.writeDoubleLE(frame.receivedAt.getTime(), at + 16);
  let offset = at + fixedBytes;
  offset += source.copy(target, offset);
  offset += peer.copy(target, offset);
  for (const item of frame.items) offset = target.writeUInt32LE(item.length, offset);
  if (clientIds) {
    let lengths = offset;
    offset += frame.items.length * 2;
    for (let index = 0; index < frame.items.length; index++) {
      const written = target.write(frame.clientIds[index] ?? '', offset);
      lengths = target.writeUInt16LE(written, lengths);
      offset += written;
    }
  }
  for (const item of frame.items) offset += item.copy(target, offset);
  return offset;
}

/**
 * @param body a whole record body whose checksum has been verified; items are slices of it, not copies
 * @throws {RangeError} when the lengths in it do not add up
 */
export function decodeFrame(body: Buffer): Frame {
  const wire = wires[body.readUInt8(0)];
  if (wire === undefined) throw new RangeError('unknown wire');
  const clientIdFlag = body.readUInt8(1) & withClientIds;
  const sourceEnd = fixedBytes + body.readUInt8(2);
  const peerEnd = sourceEnd + body.readUInt8(3);
  const count = body.readUInt32LE(4);
  let offset = peerEnd + count * 4;
  if (offset > body.length) throw new RangeError('more items than bytes');

  const clientIds: string[] = new Array(count).fill('');
  if (clientIdFlag === withClientIds) {
    const lengths = offset;
    offset += count * 2;
    for (let index = 0; index < count; index++) {
      const end = offset + body.readUInt16LE(lengths + index * 2);
      clientIds[index] = body.toString('utf8', offset, end);
      offset = end;
    }
  }
  const items: Buffer[] = new Array(count);
  for (let index = 0; index < count; index++) {
    const end = offset + body.readUInt32LE(peerEnd + index * 4);
    items[index] = body.subarray(offset, end);
    offset = end;
  }
  if (offset !== body.length) throw new RangeError('lengths do not add up');
  return {
    source: sourceId(body.toString('utf8', fixedBytes, sourceEnd)),
    firstSequence: body.readDoubleLE(8),
    wire,
    receivedAt: new Date(body.readDoubleLE(16)),
    peer: body.toString('utf8', sourceEnd, peerEnd),
    items,
    clientIds,
  };
}

/** Who sent how many, without touching the items. */
export function peekFrame(body: Buffer): { source: string; firstSequence: number; count: number } {
  return {
    source: body.toString('utf8', fixedBytes, fixedBytes + body.readUInt8(2)),
    firstSequence: body.readDoubleLE(8),
    count: body.readUInt32LE(4),
  };
}

export function checkFrame(frame: NewFrame): void {
  if (frame.items.length !== frame.clientIds.length) {
    throw new RangeError(`${frame.items.length} items, but ${frame.clientIds.length} client ids`);
  }
  if (Buffer.byteLength(frame.source) > 255) throw new RangeError('source id above 255 bytes');
  for (const id of frame.clientIds) {
    if (id.length > maxClientIdBytes / 3 && Buffer.byteLength(id) > maxClientIdBytes) {
      throw new RangeError(`client id above ${maxClientIdBytes} bytes`);
    }
  }
}

const hasClientIds = (frame: NewFrame): boolean => frame.clientIds.some((id) => id !== '');
const peerBytes = (peer: string): Buffer => Buffer.from(peer).subarray(0, 255);
