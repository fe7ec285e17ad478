import type { RE2JS } from 're2js';
import { eachScalar } from '../values/fields.ts';
import type { KnownValue } from './memory.ts';

/** Bounds on what one event may cost, in characters looked at. Beyond them a value is seen in part, and that is told. */
export type EventLimits = {
  /** The longest value that is seen whole. */
  readonly valueLength: number;
  /** All values of one event together. */
  readonly eventLength: number;
  /** Characters handed to tests after the scan, values up to `freeLength` not counted. */
  readonly work: number;
  /** Milliseconds of processor time in regular expressions; after that each sees 64 characters. */
  readonly regexMs: number;
  /** What is seen of every value whatever came before. */
  readonly freeLength: number;
};

export const defaultEventLimits: EventLimits = {
  valueLength: 1024 * 1024,
  eventLength: 4 * 1024 * 1024,
  work: 32 * 1024 * 1024,
  regexMs: 20,
  freeLength: 4096,
};

// Characters times instructions that are run without trying a part first: some 20 ms at the worst.
const regexUnits = 40_000;
// So few that not even the clock is asked.
const freeUnits = 4000;
const growth = 4;
// Between linear and quadratic: while the automaton is still being built, twice the text can take four times as long.
const growthCost = 8;
const gap = '\ufffd';

/** Of this thread where Node can tell: on a busy machine the wall clock would cut what took no time at all. */
function cpuMs(): number {
  if (typeof process.threadCpuUsage !== 'function') return performance.now();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
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
export class EventState {
  readonly limits: EventLimits;
  generation = 0;
  readonly stamps: Uint32Array;
  readonly values: unknown[];
  readonly lowered: string[];
  readonly loweredStamps: Uint32Array;
  fields: Readonly<Record<string, unknown>> = {};
  truncated = false;
  work = 0;
  regexMs = 0;
  /** Items whose witness was seen; only while `exact` does their absence say anything. */
  readonly itemStamps: Uint32Array;
  /** The index looked at every value as tests do: no text beyond Latin-1 was folded for it. */
  exact = true;
  /** By field, where stamped: what is remembered of its value. */
  readonly known: (KnownValue | undefined)[];
  private scalarStamp = 0;
  private scalarTexts: string[] = [];
  private scalarLowered: string[] = [];
  private readonly regexSizes = new WeakMap<RE2JS, number>();

  constructor(fieldCount: number, itemCount: number, limits: EventLimits) {
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
    this.work = this.limits.work;
    this.regexMs = this.limits.regexMs;
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
    if (known !== undefined) return (known.lowered ??= text.toLowerCase());
    if (this.loweredStamps[field] === this.generation) return this.lowered[field] ?? '';
    const lower = text.toLowerCase();
    this.lowered[field] = lower;
    this.loweredStamps[field] = this.generation;
    return lower;
  }

  /** Pays for looking at a long text; without funds the text is seen in part. */
  afford(text: string): string {
    if (text.length <= this.limits.freeLength) return text;
    this.work -= text.length;
    if (this.work >= 0) return text;
    this.truncated = true;
    return shortened(text, this.limits.freeLength);
  }

  /** Every scalar's text, for keywords. */
  texts(): { readonly texts: readonly string[]; readonly lowered: readonly string[] } {
    if (this.scalarStamp !== this.generation) {
      this.scalarStamp = this.generation;
      this.scalarTexts = [];
      let left = this.limits.eventLength;
      const whole = eachScalar(this.fields, (scalar) => {
        let text = String(scalar);
        const most = Math.max(this.limits.freeLength, Math.min(this.limits.valueLength, left));
        if (text.length > most) {
          text = shortened(text, most);
          this.truncated = true;
        }
        left -= text.length;
        this.scalarTexts.push(text);
      });
      if (!whole) this.truncated = true;
      this.scalarLowered = this.scalarTexts.map((text) => text.toLowerCase());
    }
    return { texts: this.scalarTexts, lowered: this.scalarLowered };
  }

  /**
   * RE2 is linear in the text, but the factor is the program's size and can be thousands: measured up to half a
   * microsecond for each instruction and character. So a long text is tried in growing parts for as long as what the
   * next part may take is still in the event's budget.
   */
  readonly runRegex = (regex: RE2JS, text: string): boolean => {
    const size = this.sizeOf(regex);
    if (text.length * size <= freeUnits) return regex.test(text);
    let length = this.regexMs > 0 ? Math.max(64, Math.floor(regexUnits / size)) : 64;
    for (;;) {
      const whole = text.length <= length;
      const part = whole ? text : shortened(text, length);
      let begun = cpuMs();
      const found = regex.test(part);
      let took = cpuMs() - begun;
      this.regexMs -= took;
      if (whole) return found;
      if (took * growthCost > this.regexMs) {
        // The first run of a regex builds its automaton: only the second tells what a run takes.
        begun = cpuMs();
        regex.test(part);
        took = cpuMs() - begun;
        this.regexMs -= took;
      }
      if (took * growthCost > this.regexMs) {
        this.truncated = true;
        return found;
      }
      length *= growth;
    }
  };

  private sizeOf(regex: RE2JS): number {
    let size = this.regexSizes.get(regex);
    if (size === undefined) {
      size = Math.max(16, regex.programSize());
      this.regexSizes.set(regex, size);
    }
    return size;
  }

  private restart(): void {
    this.generation = 1;
    this.stamps.fill(0);
    this.loweredStamps.fill(0);
    this.itemStamps.fill(0);
    this.scalarStamp = 0;
  }
}
