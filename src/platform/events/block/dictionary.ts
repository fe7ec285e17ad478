import { GrowingBytes } from './bytes.ts';

/**
 * LowCardinality(String) in Native: each distinct text once, then one index a value, as wide as needed.
 * SOURCE: ClickHouse, SerializationLowCardinality (key version 1; additional keys; dictionary to be updated).
 */
export class Dictionary {
  readonly #index = new Map<string, number>();
  readonly #keys = new GrowingBytes();
  #values = new Uint32Array(1024);
  #count = 0;
  /** Most columns repeat themselves from row to row. */
  #lastText = '';
  #lastIndex = 0;

  add(text: string): void {
    if (text !== this.#lastText || this.#count === 0) {
      let index = this.#index.get(text);
      if (index === undefined) {
        index = this.#index.size;
        this.#index.set(text, index);
        this.#keys.string(text);
      }
      this.#lastText = text;
      this.#lastIndex = index;
    }
    this.#room(1);
    this.#values[this.#count++] = this.#lastIndex;
  }

  /** '' so many times. */
  addEmpty(times: number): void {
    if (times === 0) return;
    this.add('');
    this.#room(times - 1);
    this.#values.fill(this.#lastIndex, this.#count, this.#count + times - 1);
    this.#count += times - 1;
  }

  #room(more: number): void {
    if (this.#count + more <= this.#values.length) return;
    const larger = new Uint32Array(Math.max(this.#count + more, this.#values.length * 2));
    larger.set(this.#values);
    this.#values = larger;
  }

  /** Comes before everything else of the column, also before an enclosing Array's or Map's ends. */
  writePrefix(out: GrowingBytes): void {
    out.uint64(1);
  }

  write(out: GrowingBytes): void {
    const values = this.#values.subarray(0, this.#count);
    const width = this.#index.size <= 0x100 ? 1 : this.#index.size <= 0x1_0000 ? 2 : 4;
    out.uint64(hasAdditionalKeys | needsUpdate | (width >> 1));
    out.uint64(this.#index.size);
    out.raw(this.#keys.bytes.subarray(0, this.#keys.length));
    out.uint64(this.#count);
    const narrow = width === 1 ? Uint8Array.from(values) : width === 2 ? Uint16Array.from(values) : values;
    out.raw(new Uint8Array(narrow.buffer, narrow.byteOffset, narrow.byteLength));
  }

  reset(): void {
    this.#index.clear();
    this.#keys.length = 0;
    this.#count = 0;
  }
}

const hasAdditionalKeys = 1 << 9;
const needsUpdate = 1 << 10;
