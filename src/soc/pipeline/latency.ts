/** Upper bounds in milliseconds, each 1.25 times the one before: a quantile is off by at most a quarter. */
const bounds: readonly number[] = Array.from({ length: 64 }, (_, at) => 1.25 ** at);

/** Times of the last few minutes by their frequency, for p50 and p99. */
export class Latency {
  #current = new Float64Array(bounds.length + 1);
  #before = new Float64Array(bounds.length + 1);
  #turnedAt: number;
  readonly #windowMs: number;

  /** @param windowMs quantiles are over the last one to two of these */
  constructor(nowMs: number, windowMs = 300_000) {
    this.#turnedAt = nowMs;
    this.#windowMs = windowMs;
  }

  add(milliseconds: number, nowMs: number): void {
    if (nowMs - this.#turnedAt > this.#windowMs) {
      this.#before = this.#current;
      this.#current = new Float64Array(bounds.length + 1);
      this.#turnedAt = nowMs;
    }
    const slot = Math.min(
      bounds.length,
      Math.max(0, Math.ceil(Math.log(Math.max(milliseconds, 1)) / Math.log(1.25))),
    );
    this.#current[slot] = (this.#current[slot] ?? 0) + 1;
  }

  /** @returns null where nothing was measured */
  quantile(share: number): number | null {
    let total = 0;
    for (let at = 0; at <= bounds.length; at++) total += (this.#current[at] ?? 0) + (this.#before[at] ?? 0);
    if (total === 0) return null;
    let seen = 0;
    for (let at = 0; at <= bounds.length; at++) {
      seen += (this.#current[at] ?? 0) + (this.#before[at] ?? 0);
      if (seen >= share * total) return Math.round(bounds[at] ?? Number.POSITIVE_INFINITY);
    }
    return null;
  }
}
