/** One thing wrong with a model: where, and what would be right. */
export type ModelFault = { readonly path: string; readonly message: string };
export type Shape = Readonly<Record<string, unknown>>;

/** Collects what is wrong with a value from outside, up to a cap. */
export class Faults {
  readonly list: ModelFault[] = [];
  readonly #cap: number;
  constructor(cap: number) {
    this.#cap = cap;
  }

  add(path: string, message: string): void {
    if (this.list.length < this.#cap) this.list.push({ path, message });
  }

  /** Of a value from outside, short enough for a message. */
  quoted(value: unknown): string {
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
    return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  }

  object(value: unknown, at: string): Shape | undefined {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      // An object that is no array: its members are looked at one by one as unknown.
      return value as Shape;
    }
    this.add(at, 'must be an object');
    return undefined;
  }

  listOf(value: unknown, at: string, cap: number): readonly unknown[] {
    if (!Array.isArray(value)) {
      this.add(at, 'must be a list');
      return [];
    }
    if (value.length > cap) {
      this.add(at, `has ${value.length} members, of at most ${cap}`);
      return [];
    }
    return value;
  }

  text(value: unknown, at: string, cap: number): value is string {
    if (typeof value === 'string' && value !== '' && value.length <= cap) return true;
    this.add(at, `must be text of 1 to ${cap} characters`);
    return false;
  }

  boolean(value: unknown, at: string): void {
    if (typeof value !== 'boolean') this.add(at, 'must be true or false');
  }

  range(value: unknown, at: string, low: number, high: number): void {
    if (typeof value !== 'number' || !(value >= low && value <= high))
      this.add(at, `must be a number from ${low} to ${high}`);
  }

  probability(value: unknown, at: string): void {
    this.range(value, at, 0, 1);
  }

  oneOf(value: unknown, at: string, known: readonly string[]): void {
    if (typeof value !== 'string' || !known.includes(value))
      this.add(at, `must be one of ${known.join(', ')}, and is ${this.quoted(value)}`);
  }

  someOf(value: unknown, at: string, known: readonly string[]): void {
    for (const [i, one] of this.listOf(value, at, known.length).entries())
      this.oneOf(one, `${at}[${i}]`, known);
  }

  moment(value: unknown, at: string, like: string): void {
    if (typeof value !== 'string' || value.length > 40 || Number.isNaN(Date.parse(value)))
      this.add(at, `must be ${like}`);
  }

  counts(value: unknown, at: string): void {
    const counts = this.object(value, at);
    for (const key of ['alpha', 'beta'])
      if (counts !== undefined) this.range(counts[key], `${at}.${key}`, 0.1, 1e6);
  }

  span(value: unknown, at: string): void {
    const span = this.object(value, at);
    if (span === undefined) return;
    this.range(span['low'], `${at}.low`, 0.01, 1e15);
    this.range(span['high'], `${at}.high`, 0.01, 1e15);
    if (typeof span['low'] === 'number' && typeof span['high'] === 'number' && span['low'] > span['high'])
      this.add(at, 'has a low end above its high end');
  }
}
