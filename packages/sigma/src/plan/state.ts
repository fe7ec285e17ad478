import { eachScalar } from '../values/fields.ts';
import { Funds } from '../values/meter.ts';
import { separator } from './literals.ts';
import type { KnownValue } from './memory.ts';

/** Bounds on what one event may cost. Beyond them a value is seen in part or a rule is not decided, and that is told. */
export type EventLimits = {
  /** The longest value that is seen whole, in characters. */
  readonly valueLength: number;
  /** The same for a value with characters beyond Latin-1, which cost far more to lower-case. */
  readonly wideLength: number;
  /** All values of one event together. */
  readonly eventLength: number;
  /** What is seen of every value whatever came before. */
  readonly freeLength: number;
  /** Work on one event, in units of about a nanosecond, counted before it is done. A regex gets a quarter at most. */
  readonly work: number;
  /** Characters given to V8's own search, on top of `work`. */
  readonly nativeSearch: number;
};

export const defaultEventLimits: EventLimits = {
  valueLength: 512 * 1024,
  wideLength: 96 * 1024,
  eventLength: 2 * 1024 * 1024,
  freeLength: 4096,
  work: 20_000_000,
  nativeSearch: 400_000,
};

/** Lower-casing a character: of Latin-1, and of any other script, where the rules for a sigma are the slowest. */
export const lowerUnits = 2;
export const wideLowerUnits = 120;
const scalarUnits = 60;
// Cheaper to lower-case than to ask what script it is.
const shortLength = 128;
const beyondLatin1 = /[\u0100-\uffff]/;
// Of Latin-1, so that a text does not become a wide one by it.
const gap = separator;

/** Immediate for the strings V8 holds as Latin-1. */
export function isWide(text: string): boolean {
  return beyondLatin1.test(text);
}

/** The first and the last half of what is allowed, so that both ends of a value keep their meaning. */
export function shortened(text: string, length: number): string {
  const half = length >> 1;
  return text.slice(0, half) + gap + text.slice(text.length - half);
}

/**
 * One event while its rules are looked at: the values of the fields that rules name, by number. Arrays are reused from
 * event to event; a stamp tells this event's entries from older ones, so nothing is ever cleared.
 */
export class EventState extends Funds {
  readonly limits: EventLimits;
  generation = 0;
  readonly stamps: Uint32Array;
  readonly values: unknown[];
  readonly lowered: string[];
  readonly loweredStamps: Uint32Array;
  fields: Readonly<Record<string, unknown>> = {};
  truncated = false;
  /** Items whose witness was seen; only while `exact` does their absence say anything. */
  readonly itemStamps: Uint32Array;
  /** The index looked at every value as tests do: no text beyond Latin-1 was folded for it. */
  exact = true;
  /** By field, where stamped: what is remembered of its value. */
  readonly known: (KnownValue | undefined)[];
  private scalarStamp = 0;
  private scalarTexts: string[] = [];
  private scalarLowered: string[] = [];
  private scalarsCut = false;

  constructor(fieldCount: number, itemCount: number, limits: EventLimits) {
    super(limits.work, limits.nativeSearch);
    this.limits = limits;
    this.stamps = new Uint32Array(fieldCount);
    this.values = new Array<unknown>(fieldCount).fill(undefined);
    this.lowered = new Array<string>(fieldCount).fill('');
    this.loweredStamps = new Uint32Array(fieldCount);
    this.itemStamps = new Uint32Array(itemCount);
    this.known = new Array<KnownValue | undefined>(fieldCount).fill(undefined);
  }

  begin(fields: Readonly<Record<string, unknown>>): void {
    this.generation++;
    if (this.generation > 0xffff_fff0) this.restart();
    this.fields = fields;
    this.truncated = false;
    this.exact = true;
    this.refill(this.limits.work, this.limits.nativeSearch);
  }

  /** Forgets the event, so that a big one is not kept alive. */
  end(): void {
    this.fields = {};
    if (this.scalarStamp === this.generation) {
      this.scalarTexts = [];
      this.scalarLowered = [];
    }
  }

  lowerOf(field: number, text: string): string {
    const known = this.known[field];
    if (known?.lowered !== undefined) return known.lowered;
    if (this.loweredStamps[field] === this.generation) return this.lowered[field] ?? '';
    const lower = this.lowerCase(text);
    if (this.cut) return lower;
    if (known !== undefined) known.lowered = lower;
    this.keepLower(field, lower);
    return lower;
  }

  /** The index had to lower-case the value already. */
  keepLower(field: number, lower: string): void {
    this.lowered[field] = lower;
    this.loweredStamps[field] = this.generation;
  }

  /** Empty where it can't be paid for. */
  lowerCase(text: string): string {
    if (text.length <= shortLength) return text.toLowerCase();
    const units = isWide(text) ? wideLowerUnits : lowerUnits;
    return this.pay(text.length * units) ? text.toLowerCase() : '';
  }

  /** Every scalar's text, for keywords. */
  texts(): { readonly texts: readonly string[]; readonly lowered: readonly string[] } {
    if (this.scalarStamp === this.generation) {
      if (this.scalarsCut) this.cut = true;
      return { texts: this.scalarTexts, lowered: this.scalarLowered };
    }
    this.scalarStamp = this.generation;
    this.scalarTexts = [];
    let left = this.limits.eventLength;
    const whole = eachScalar(this.fields, (scalar) => {
      let text = String(scalar);
      const { freeLength, valueLength, wideLength } = this.limits;
      const longest = text.length > freeLength && isWide(text) ? wideLength : valueLength;
      const most = Math.max(freeLength, Math.min(longest, left));
      if (text.length > most) {
        text = shortened(text, most);
        this.truncated = true;
      }
      left -= text.length;
      this.scalarTexts.push(text);
      return this.pay(scalarUnits);
    });
    if (!whole) this.truncated = true;
    this.scalarLowered = this.scalarTexts.map((text) => this.lowerCase(text));
    this.scalarsCut = this.cut;
    return { texts: this.scalarTexts, lowered: this.scalarLowered };
  }

  private restart(): void {
    this.generation = 1;
    this.stamps.fill(0);
    this.loweredStamps.fill(0);
    this.itemStamps.fill(0);
    this.scalarStamp = 0;
  }
}
