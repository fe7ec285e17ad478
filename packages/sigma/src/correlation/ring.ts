/** One detection in a group's window. */
export type Entry = {
  /** Milliseconds since 1970, fractions allowed. */
  readonly time: number;
  /** Place of its rule among the correlation's members. */
  readonly member: number;
  /** What is counted or summed; null where events are. */
  readonly value: string | number | null;
  /** The caller's own name for the event. */
  readonly ref: string;
};

/** Entries by time, oldest first; taken from the front, added near the end. */
export class Ring {
  #slots: (Entry | undefined)[] = new Array(8);
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  at(index: number): Entry | undefined {
    return index < 0 || index >= this.#size
      ? undefined
      : this.#slots[(this.#head + index) & (this.#slots.length - 1)];
  }

  first(): Entry | undefined {
    return this.#size === 0 ? undefined : this.#slots[this.#head];
  }

  last(): Entry | undefined {
    return this.at(this.#size - 1);
  }

  /** Behind every entry that is not younger. @returns true where it came last */
  insert(entry: Entry): boolean {
    if (this.#size === this.#slots.length) this.#grow();
    const mask = this.#slots.length - 1;
    let at = this.#size;
    while (at > 0) {
      const before = this.#slots[(this.#head + at - 1) & mask];
      if (before === undefined || before.time <= entry.time) break;
      this.#slots[(this.#head + at) & mask] = before;
      at--;
    }
    this.#slots[(this.#head + at) & mask] = entry;
    this.#size++;
    return at === this.#size - 1;
  }

  shift(): Entry | undefined {
    if (this.#size === 0) return undefined;
    const entry = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#size--;
    return entry;
  }

  #grow(): void {
    const old = this.#slots;
    const bigger: (Entry | undefined)[] = new Array(old.length * 2);
    for (let i = 0; i < this.#size; i++) bigger[i] = old[(this.#head + i) & (old.length - 1)];
    this.#slots = bigger;
    this.#head = 0;
  }
}
