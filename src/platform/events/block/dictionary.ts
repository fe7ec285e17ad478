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

  add(text: string): void {
    let index = this.#index.get(text);
    if (index === undefined) {
      index = this.#index.size;
      this.#index.set(text, index);
      this.#keys.string(text);
    }
    if (this.#count === this.#values.length) {
      const larger = new Uint32Array(this.#count * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = index;
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
