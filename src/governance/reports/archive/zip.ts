import { crc32, deflateRawSync } from 'node:zlib';

export type ArchiveFile = { readonly path: string; readonly bytes: Uint8Array };

/** 1 January 1980, the earliest a zip archive knows: what is in an archive has its times inside. */
const dosDate = 0x21;
const localHeader = 0x04034b50;
const centralHeader = 0x02014b50;
const endOfDirectory = 0x06054b50;
/** Names are UTF-8. */
const utf8Names = 0x0800;
const maxBytes = 0xffff_ffff;

/**
 * A zip archive whose bytes follow from its files alone: the same files, the same archive.
 * @param files in the order they stand in it; at most 65,535, and under 4 GiB together
 * @see APPNOTE.TXT 6.3, PKWARE
 */
export function zip(files: readonly ArchiveFile[], how: 'deflate' | 'store' = 'deflate'): Buffer {
  if (files.length > 0xffff) throw new Error('a zip archive of this kind holds at most 65,535 files');
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, bytes } of files) {
    const name = Buffer.from(path, 'utf8');
    const packed = how === 'store' ? bytes : deflateRawSync(bytes, { level: 6 });
    const method = how === 'store' ? 0 : 8;
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(utf8Names, 2);
    shared.writeUInt16LE(method, 4);
    shared.writeUInt16LE(0, 6);
    shared.writeUInt16LE(dosDate, 8);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(bytes.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const local = Buffer.alloc(4);
    local.writeUInt32LE(localHeader);
    parts.push(local, shared, name, Buffer.from(packed.buffer, packed.byteOffset, packed.length));
    const central = Buffer.alloc(6);
    central.writeUInt32LE(centralHeader);
    central.writeUInt16LE(20, 4);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(central, shared, rest, name);
    offset += 4 + shared.length + name.length + packed.length;
    if (offset > maxBytes) throw new Error('a zip archive of this kind holds less than 4 GiB');
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(endOfDirectory);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}
