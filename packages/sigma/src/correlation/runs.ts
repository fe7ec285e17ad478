/**
 * How many members, in the author's order, have events that follow each other. Kept for each length and last member is
 * the latest moment such a run can have begun: no other run with that end lies in more windows.
 */
export class LongestRun {
  readonly #members: number;
  /** begins[length - 1][last member] */
  readonly #begins: Float64Array;

  constructor(members: number) {
    this.#members = members;
    this.#begins = new Float64Array(members * members).fill(Number.NEGATIVE_INFINITY);
  }

  clear(): void {
    this.#begins.fill(Number.NEGATIVE_INFINITY);
  }

  add(member: number, time: number): void {
    const begins = this.#begins;
    const members = this.#members;
    for (let length = member; length >= 1; length--) {
      let best = begins[length * members + member] ?? 0;
      for (let before = length - 1; before < member; before++) {
        best = Math.max(best, begins[(length - 1) * members + before] ?? 0);
      }
      begins[length * members + member] = best;
    }
    begins[member] = Math.max(begins[member] ?? 0, time);
  }

  /** Of the runs that began at `from` or later. */
  longest(from: number): number {
    for (let at = this.#begins.length - 1; at >= 0; at--) {
      if ((this.#begins[at] ?? 0) >= from) return Math.floor(at / this.#members) + 1;
    }
    return 0;
  }
}

/** The same for every set of members by itself: the latest beginning of a run through exactly these, in order. */
export class RunsBySet {
  readonly #begins: Float64Array;

  constructor(members: number) {
    this.#begins = new Float64Array(1 << members).fill(Number.NEGATIVE_INFINITY);
  }

  clear(): void {
    this.#begins.fill(Number.NEGATIVE_INFINITY);
  }

  add(member: number, time: number): void {
    const begins = this.#begins;
    const bit = 1 << member;
    for (let below = bit - 1; below >= 1; below--) {
      begins[bit | below] = Math.max(begins[bit | below] ?? 0, begins[below] ?? 0);
    }
    begins[bit] = Math.max(begins[bit] ?? 0, time);
  }

  /** Whether the test holds of a set whose run began at `from` or later; the empty set is one. */
  some(from: number, test: (inRun: (member: number) => boolean) => boolean): boolean {
    for (let set = this.#begins.length - 1; set >= 1; set--) {
      if ((this.#begins[set] ?? 0) >= from && test((member) => member >= 0 && (set & (1 << member)) !== 0))
        return true;
    }
    return test(() => false);
  }
}
