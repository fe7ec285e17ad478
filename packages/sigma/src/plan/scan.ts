import {
  foldTable,
  type GramTable,
  type LiteralIndex,
  multiplier,
  noCheck,
  secondMultiplier,
} from './literals.ts';
import type { ScanText } from './text.ts';

// What a hit of the bitmap costs for each entry behind it, and for each literal compared.
const entryUnits = 8;
const verifyUnits = 30;

/** @param value place in the text of the value the literal stands in */
export type Report = (id: number, value: number) => void;

/** Reports every literal that stands in the text, where it must stand; as often as it is found. */
export function scanLiterals(index: LiteralIndex, text: ScanText, report: Report): void {
  const { long, middle, shortAnywhere, shortOf } = index;
  const passes = 1 + 2 * (shortAnywhere.length + (shortOf.length > 0 ? 2 : 0));
  if (!text.funds.pay(text.length * passes)) return;
  if (long !== null && middle !== null) scanWords(index, long, middle, text, report);
  else if (middle !== null) scanQuads(index, middle, text, report);
  else if (long !== null) scanWords(index, long, long, text, report);
  for (let at = 0; at < shortAnywhere.length; at++)
    scanBytes(index, shortAnywhere[at]!, text, 0, text.length, report);
  if (shortOf.length === 0) return;
  let from = 0;
  for (let value = 0; value < text.values; value++) {
    const end = text.ends[value]!;
    const owner = text.owners[value]!;
    const tables = owner < 0 ? undefined : shortOf[owner];
    if (tables !== undefined) {
      for (let at = 0; at < tables.length; at++) scanBytes(index, tables[at]!, text, from, end + 1, report);
    }
    from = end;
  }
}

/** By four bytes and by eight, at every word. Without a table of four bytes `middle` is the long one: it never answers. */
function scanWords(
  index: LiteralIndex,
  long: GramTable,
  middle: GramTable,
  text: ScanText,
  report: Report,
): void {
  const { words, length } = text;
  const longBits = long.bitmap;
  const longShift = long.shift;
  const middleBits = middle.bitmap;
  const middleShift = middle.shift;
  const both = middle !== long;
  const count = (length + 3) >>> 2;
  // Typed arrays are read inside their length; `!` here and below spares a test in the hottest loops.
  let word = words[0]! | 0x20202020;
  for (let at = 0; at < count; at++) {
    const next = words[at + 1]! | 0x20202020;
    const mixed = Math.imul(word, multiplier);
    if (both) {
      const hash = mixed >>> middleShift;
      if (((middleBits[hash >>> 5]! >>> (hash & 31)) & 1) !== 0)
        probe(index, middle, text, word, hash, at << 2, report);
    }
    const pair = (mixed + Math.imul(next, secondMultiplier)) | 0;
    const pairHash = pair >>> longShift;
    if (((longBits[pairHash >>> 5]! >>> (pairHash & 31)) & 1) !== 0) {
      probe(index, long, text, pair, pairHash, at << 2, report);
    }
    word = next;
  }
}

function scanQuads(index: LiteralIndex, table: GramTable, text: ScanText, report: Report): void {
  const { words, length } = text;
  const { bitmap, shift } = table;
  const count = (length + 3) >>> 2;
  for (let at = 0; at < count; at++) {
    const word = words[at]! | 0x20202020;
    const hash = Math.imul(word, multiplier) >>> shift;
    if (((bitmap[hash >>> 5]! >>> (hash & 31)) & 1) !== 0)
      probe(index, table, text, word, hash, at << 2, report);
  }
}

function scanBytes(
  index: LiteralIndex,
  table: GramTable,
  text: ScanText,
  from: number,
  to: number,
  report: Report,
): void {
  const { bytes } = text;
  const { bitmap, shift } = table;
  const unused = 32 - 8 * table.gramLength;
  const back = table.gramLength - 1;
  let last4 = 0;
  for (let at = from; at < to; at++) {
    last4 = (last4 >>> 8) | ((bytes[at]! | 0x20) << 24);
    const gram = last4 >>> unused;
    const hash = Math.imul(gram, multiplier) >>> shift;
    if (((bitmap[hash >>> 5]! >>> (hash & 31)) & 1) !== 0)
      probe(index, table, text, gram | 0, hash, at - back, report);
  }
}

/** Looks behind a hit of the bitmap: of the word that starts at byte `at`. */
export function probe(
  index: LiteralIndex,
  table: GramTable,
  text: ScanText,
  gram: number,
  hash: number,
  at: number,
  report: Report,
): void {
  const { entries, heads } = table;
  const { funds } = text;
  const head = hash >>> table.headShift;
  const end = heads[head + 1]! << 2;
  const first = heads[head]! << 2;
  if (!funds.pay(((end - first) >>> 2) * entryUnits)) return;
  for (let entry = first; entry < end; entry += 4) {
    if (entries[entry] !== gram) continue;
    const places = entries[entry + 3]!;
    const from = at - (places & 0xffff);
    const check = places >>> 16;
    if (check !== noCheck && wordAt(text.bytes, from + check) !== entries[entry + 1]) continue;
    verify(index, text, entries[entry + 2]!, from, report);
  }
}

/** Four bytes from anywhere; outside the text they are something no check is equal to, or are verified away. */
function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24) | 0x20202020;
}

/** Byte by byte, in the right field, and at the value's start or end where the literal asks for it. */
function verify(index: LiteralIndex, text: ScanText, literal: number, from: number, report: Report): void {
  const { starts, bytes } = index;
  const start = starts[literal]!;
  const length = starts[literal + 1]! - start;
  if (from < 0 || from + length > text.length || !text.funds.pay(verifyUnits + length)) return;
  for (let same = 0; same < length; same++) {
    if (foldTable[text.bytes[from + same]!] !== bytes[start + same]) return;
  }
  const atStart = bytes[start] === 1;
  const value = text.valueAt(from);
  const field = index.fields[literal]!;
  if (field >= 0 && field !== text.owners[value]) return;
  // A value may hold the separator's character itself.
  if (atStart && from !== text.startOf(value)) return;
  if (bytes[start + length - 1] === 1 && from + length - 1 !== text.ends[value]) return;
  report(index.ids[literal]!, value);
}
