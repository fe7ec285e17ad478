/** So many at a time; the next waits. */
export class Slots {
  #free: number;
  readonly #queue: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** @throws the signal's reason */
  take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const given = (): void => {
        signal.removeEventListener('abort', stopped);
        resolve();
      };
      const stopped = (): void => {
        this.#queue.splice(this.#queue.indexOf(given), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', stopped, { once: true });
      this.#queue.push(given);
    });
  }

  give(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}

const windowSeconds = 10;

/** Events per second over the last ten seconds. */
export class Rate {
  readonly #counts = new Float64Array(windowSeconds);
  #second = 0;

  add(count: number, nowMs: number): void {
    this.#advance(nowMs);
    const at = this.#second % windowSeconds;
    this.#counts[at] = (this.#counts[at] ?? 0) + count;
  }

  perSecond(nowMs: number): number {
    this.#advance(nowMs);
    return this.#counts.reduce((sum, count) => sum + count, 0) / windowSeconds;
  }

  #advance(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    for (let gone = Math.max(this.#second + 1, second - windowSeconds + 1); gone <= second; gone++)
      this.#counts[gone % windowSeconds] = 0;
    this.#second = Math.max(this.#second, second);
  }
}
