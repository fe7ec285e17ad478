import { isUtf8 } from 'node:buffer';
import type { Encoding } from '../importer.ts';

/**
 * By the byte order mark; without one by NULs where ASCII text has them in UTF-16; else UTF-8 where it is, else
 * Windows-1252, which every byte is.
 * @param head the beginning of the file; a character cut at its end does not count against UTF-8
 * @see WHATWG Encoding, 6 (BOM sniff)
 */
export function detectEncoding(head: Buffer): { encoding: Encoding; markBytes: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'UTF-8', markBytes: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'UTF-16LE', markBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'UTF-16BE', markBytes: 2 };
  let [even, odd] = [0, 0];
  const looked = Math.min(head.length, 512) & ~1;
  for (let at = 0; at < looked; at += 2) {
    if (head[at] === 0) even++;
    if (head[at + 1] === 0) odd++;
  }
  if (looked >= 4 && odd * 4 > looked && even === 0) return { encoding: 'UTF-16LE', markBytes: 0 };
  if (looked >= 4 && even * 4 > looked && odd === 0) return { encoding: 'UTF-16BE', markBytes: 0 };
  return { encoding: isUtf8(wholeCharacters(head)) ? 'UTF-8' : 'Windows-1252', markBytes: 0 };
}

/** Without the UTF-8 sequence that the end may have cut. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? bytes.subarray(0, bytes.length - back) : bytes;
    }
  }
  return bytes;
}

export const decoderNames: Readonly<Record<Encoding, string>> = {
  'UTF-8': 'utf-8',
  'UTF-16LE': 'utf-16le',
  'UTF-16BE': 'utf-16be',
  'Windows-1252': 'windows-1252',
};

/** Text of one line or record: files glued together hold lines of several encodings. */
export function decodeEach(bytes: Buffer): { text: string; encoding: 'UTF-8' | 'Windows-1252' } {
  if (isUtf8(bytes)) return { text: bytes.toString('utf8'), encoding: 'UTF-8' };
  return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Windows-1252' };
}
