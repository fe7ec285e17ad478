import type { Funds } from '../values/meter.ts';
import { separator } from './literals.ts';
import { wideLowerUnits } from './state.ts';

// Fixed and ours, never a rule's: does a text hold anything beyond Latin-1? Immediate for one-byte strings.
const beyondLatin1 = /[\u0100-\uffff]/;
const firstBytes = 16 * 1024;
const shortText = 256;
const keptBytes = 1024 * 1024;

/** Values of one event as bytes, one after the other, each with a separator in front and one at the end. */
export class ScanText {
  bytes: Uint8Array = new Uint8Array(0);
  words: Uint32Array = new Uint32Array(0);
  length = 0;
  /** Value by value: the place of the separator behind it, and the field it belongs to. */
  ends: Uint32Array = new Uint32Array(64);
  owners: Int32Array = new Int32Array(64);
  values = 0;
  private buffer: Buffer = Buffer.alloc(0);
  /** The values after an empty first, so that joining puts a separator in front of each. */
  private parts: string[] = [''];
  private lowered: readonly string[] = [];

  /** Pays for the scan. */
  readonly funds: Funds;

  constructor(funds: Funds) {
    this.funds = funds;
    this.grow(firstBytes);
  }

  begin(): void {
    if (this.lowered.length > 0) this.lowered = [];
    this.values = 0;
    this.length = 0;
  }

  /** What a value became in a text that was not Latin-1; undefined where it could not be paid for. */
  lowerOf(value: number): string | undefined {
    const lower = this.lowered[value + 1];
    return lower === '' ? undefined : lower;
  }

  /** @returns the value's place */
  append(owner: number, text: string): number {
    const value = this.values++;
    if (value >= this.ends.length) this.widen();
    this.parts[value + 1] = text;
    this.length += 1 + text.length;
    this.ends[value] = this.length;
    this.owners[value] = owner;
    return value;
  }

  /**
   * Makes the bytes of what was appended. What is not Latin-1 is lower-cased by the full rules, which the byte table of
   * the scan can't do, and keeps the low byte of each character: such a text may show too much, never too little.
   * @returns the text where it was not Latin-1
   */
  write(): string | undefined {
    const { parts } = this;
    if (this.length <= shortText && this.copy()) return undefined;
    parts.length = this.values + 1;
    const joined = parts.join(separator);
    const wide = beyondLatin1.test(joined) ? this.lowerAll() : undefined;
    const needed = this.length + 32;
    if (needed > this.bytes.length) this.grow(2 ** Math.ceil(Math.log2(needed)));
    this.close(this.buffer.write(wide ?? joined, 0, 'latin1'));
    return wide;
  }

  /** One text alone, which the caller knows to be Latin-1. */
  writeOne(owner: number, text: string): void {
    this.begin();
    this.values = 1;
    this.length = 1 + text.length;
    this.ends[0] = this.length;
    this.owners[0] = owner;
    const needed = this.length + 32;
    if (needed > this.bytes.length) this.grow(2 ** Math.ceil(Math.log2(needed)));
    this.bytes[0] = 1;
    this.close(1 + this.buffer.write(text, 1, 'latin1'));
  }

  /** Forgets a big event, so that its memory is not kept. */
  end(): void {
    if (this.bytes.length <= keptBytes) return;
    this.grow(firstBytes);
    this.parts = [''];
  }

  startOf(value: number): number {
    return value === 0 ? 0 : this.ends[value - 1]!;
  }

  /** The value a byte belongs to. */
  valueAt(at: number): number {
    const { ends } = this;
    let low = 0;
    let high = this.values - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ends[middle]! > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Byte by byte: for a few bytes that costs less than two calls into the runtime. @returns false: not Latin-1 */
  private copy(): boolean {
    const { parts, bytes } = this;
    let at = 0;
    for (let value = 1; value <= this.values; value++) {
      const part = parts[value]!; // Inside its length.
      bytes[at++] = 1;
      for (let place = 0; place < part.length; place++) {
        const code = part.charCodeAt(place);
        if (code > 255) return false;
        bytes[at++] = code;
      }
    }
    this.close(at);
    return true;
  }

  /** The last separator, and what fills the last word up. */
  private close(end: number): void {
    for (let at = end; at < end + 24; at++) this.bytes[at] = 1;
    this.length = end + 1;
  }

  private lowerAll(): string {
    // What can't be paid for any more is left out: the funds are marked as cut.
    const lowered = this.parts.map((part) =>
      this.funds.pay(part.length * wideLowerUnits) ? part.toLowerCase() : '',
    );
    this.length = 0;
    for (let value = 0; value < this.values; value++) {
      this.length += 1 + (lowered[value + 1]?.length ?? 0);
      this.ends[value] = this.length;
    }
    this.lowered = lowered;
    return lowered.join(separator);
  }

  private grow(bytes: number): void {
    const memory = new ArrayBuffer(bytes);
    this.buffer = Buffer.from(memory);
    this.bytes = new Uint8Array(memory);
    this.words = new Uint32Array(memory);
  }

  private widen(): void {
    const ends = new Uint32Array(this.ends.length * 4);
    const owners = new Int32Array(ends.length);
    ends.set(this.ends);
    owners.set(this.owners);
    this.ends = ends;
    this.owners = owners;
  }
}
