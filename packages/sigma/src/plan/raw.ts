import { Funds } from '../values/meter.ts';
import {
  buildLiterals,
  type GramTable,
  type Literal,
  type LiteralIndex,
  multiplier,
  separator,
} from './literals.ts';
import { probe, type Report, scanLiterals } from './scan.ts';
import { isWide } from './state.ts';
import { ScanText } from './text.ts';

/** Longer lines are rare, and their values may be seen in part only: their keywords are looked for value by value. */
const longestRaw = 64 * 1024;
const shortestRun = 3;
// Where most lines hold one of the keywords, asking the line first is work done twice.
const trial = 256;
const pause = 8192;
const scanUnits = 4_000_000;

/**
 * What must stand in a JSON text before one of the keywords can stand in a value of it: of each keyword the longest
 * part that JSON writes as it is.
 * @returns null where that says too little
 */
export function rawIndex(keywords: readonly Literal[]): LiteralIndex | null {
  const runs = new Set<string>();
  for (const { text } of keywords) {
    const pieces = text.replaceAll(separator, '').split(/["\\/]|[^ -\uffff]/);
    const longest = pieces.reduce((best, piece) => (piece.length > best.length ? piece : best), '');
    if (longest.length < shortestRun) return null;
    runs.add(longest);
  }
  return runs.size === 0 ? null : buildLiterals(Array.from(runs, (text) => ({ text, field: -1, id: 0 })));
}

/**
 * Looks for keywords in the line an event was parsed from, all of it at once: where none is found, no value needs to be
 * asked for them. Most lines of a Windows log hold none, and most of their text is in fields that no rule names.
 */
export class RawScan {
  private readonly index: LiteralIndex;
  /** Where all literals are long enough to be found by it. */
  private readonly quads: Uint8Array | null;
  private readonly funds = new Funds(scanUnits, 0);
  private readonly text = new ScanText(this.funds);
  private readonly found: () => void;
  private hit = false;
  private asked = 0;
  private hits = 0;
  private paused = 0;

  constructor(index: LiteralIndex) {
    this.index = index;
    const { middle, long, shortAnywhere } = index;
    this.quads = middle !== null && long === null && shortAnywhere.length === 0 ? bytesOf(middle) : null;
    this.found = () => {
      this.hit = true;
    };
  }

  /** @returns false only where no value of the event can hold a keyword */
  mayHold(json: string): boolean {
    if (this.paused > 0) {
      this.paused--;
      return true;
    }
    if (json.length > longestRaw || isWide(json)) return true;
    if (++this.asked >= trial) {
      if (this.hits * 2 > this.asked) this.paused = pause;
      this.asked = 0;
      this.hits = 0;
    }
    if (this.scan(json) && (this.hit || this.funds.cut || hasEscape(json))) {
      this.hits++;
      return true;
    }
    return false;
  }

  /** @returns true where a keyword was found, or an escape by number seems to be there */
  private scan(json: string): boolean {
    const { index, text, funds, quads } = this;
    funds.refill(scanUnits, 0);
    this.hit = false;
    text.writeOne(-1, json);
    if (index.middle !== null && quads !== null) {
      const escaped = scanFour(index, index.middle, quads, text, this.found);
      return escaped || this.hit || funds.cut;
    }
    scanLiterals(index, text, this.found);
    return true;
  }
}

/** The bitmap with a byte for each bit: where nothing else is asked, four words at a time. */
function bytesOf({ bitmap, shift }: GramTable): Uint8Array {
  return Uint8Array.from({ length: 2 ** (32 - shift) }, (_, bit) => (bitmap[bit >>> 5]! >>> (bit & 31)) & 1); // Inside its length.
}

/**
 * Literals of seven bytes and more at every word, and on the way whether a backslash has a `u` behind it: of that it
 * says yes a little too often, never too rarely.
 */
function scanFour(
  index: LiteralIndex,
  table: GramTable,
  quads: Uint8Array,
  text: ScanText,
  report: Report,
): boolean {
  const { words, length } = text;
  const { shift } = table;
  const count = (length + 3) >>> 2;
  let seen = 0;
  // Words up to three behind the text are read: what stands there is no text. Inside the array's length, all of them.
  for (let at = 0; at < count; at += 4) {
    const first = words[at]! | 0;
    const second = words[at + 1]! | 0;
    const third = words[at + 2]! | 0;
    const fourth = words[at + 3]! | 0;
    seen |= escapeIn(first, second) | escapeIn(second, third);
    seen |= escapeIn(third, fourth) | escapeIn(fourth, words[at + 4]! | 0);
    const hits =
      quads[hashOf(first, shift)]! +
      quads[hashOf(second, shift)]! +
      quads[hashOf(third, shift)]! +
      quads[hashOf(fourth, shift)]!;
    if (hits === 0) continue;
    for (let word = at; word < at + 4; word++) {
      const gram = words[word]! | folded;
      const hash = Math.imul(gram, multiplier) >>> shift;
      if (quads[hash] !== 0) probe(index, table, text, gram, hash, word << 2, report);
    }
  }
  return (seen & 0x80808080) !== 0;
}

const folded = 0x20202020;

function hashOf(word: number, shift: number): number {
  return Math.imul(word | folded, multiplier) >>> shift;
}

/** A byte's highest bit is set where it is a backslash and the one behind it a `u`. */
function escapeIn(word: number, next: number): number {
  const both = (word ^ 0x5c5c5c5c) | (((word >>> 8) | (next << 24)) ^ 0x75757575);
  return (both - 0x01010101) & ~both;
}

/** An escape by number, which could write any character of a keyword: not a backslash that is escaped itself. */
function hasEscape(json: string): boolean {
  for (let at = json.indexOf('\\u'); at >= 0; at = json.indexOf('\\u', at + 2)) {
    let before = at;
    while (before > 0 && json.charCodeAt(before - 1) === 0x5c) before--;
    if ((at - before) % 2 === 0) return true;
  }
  return false;
}
