import type { LinearRegex } from '../regex/engine.ts';
import { findLinear } from './search.ts';

/**
 * Through which tests look at texts, so that what they cost is counted. One that has no funds left answers false, and
 * remembers that it did: such an answer says nothing.
 */
export type Meter = {
  readonly contains: (text: string, wanted: string) => boolean;
  /** @returns the place of `wanted` at or after `from`, or -1 */
  readonly find: (text: string, wanted: string, from: number) => number;
  readonly matches: (regex: LinearRegex, text: string) => boolean;
  readonly pay: (units: number) => boolean;
};

/** V8's search takes text times wanted where wanted is longer than its tables and repeats itself: measured in seconds. */
const longestNative = 200;
/** A character looked at by `findLinear`. */
const linearUnits = 4;
const perCall = 10;

/**
 * What may be spent on one event, in units of about a nanosecond. INVARIANT: what is looked at is paid for before, and
 * the price is one that hostile text can't make wrong, so that the time an event takes has a bound that can be counted.
 */
export class Funds implements Meter {
  left: number;
  /** Something could not be paid for since this was last set to false: answers since then say nothing. */
  cut = false;
  /** Characters V8's own search may still look at: it is cheap on what logs hold, and up to 50 units each where not. */
  private nativeLeft: number;
  private share: number;
  private shareLeft = 0;
  private readonly regexPayer = {
    pay: (units: number): boolean => {
      if (units > this.shareLeft) return false;
      this.shareLeft -= units;
      return true;
    },
  };

  constructor(units: number, nativeCharacters: number) {
    this.left = units;
    this.nativeLeft = nativeCharacters;
    this.share = units / regexShares;
  }

  refill(units: number, nativeCharacters: number): void {
    this.left = units;
    this.nativeLeft = nativeCharacters;
    this.share = units / regexShares;
    this.cut = false;
  }

  pay(units: number): boolean {
    if (units > this.left) {
      this.cut = true;
      return false;
    }
    this.left -= units;
    return true;
  }

  contains(text: string, wanted: string): boolean {
    return this.find(text, wanted, 0) >= 0;
  }

  find(text: string, wanted: string, from: number): number {
    if (wanted.length <= longestNative) {
      if (!this.pay(perCall)) return -1;
      if (text.length <= this.nativeLeft) {
        this.nativeLeft -= text.length;
        return text.indexOf(wanted, from);
      }
    }
    return this.pay((text.length + wanted.length) * linearUnits) ? findLinear(text, wanted, from) : -1;
  }

  /** One expression gets a part of the funds only, so that others are still asked. */
  matches(regex: LinearRegex, text: string): boolean {
    const share = Math.min(this.left, this.share);
    this.shareLeft = share;
    const found = regex.search(text, this.regexPayer);
    this.left -= share - this.shareLeft;
    if (found !== undefined) return found;
    this.cut = true;
    return false;
  }
}

const regexShares = 4;
