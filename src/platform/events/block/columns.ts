import type { ColumnType } from '../columns.ts';
import { GrowingBytes } from './bytes.ts';
import { Dictionary } from './dictionary.ts';
import { putAddress, putHex, wholeNumber } from './values.ts';

export type Value = string | number | bigint | boolean | Date | Uint8Array | readonly string[];

/**
 * One column of a block, filled row by row and written in ClickHouse's Native layout.
 * Rows that were passed over get the type's default. The first value of a row stays.
 */
export interface ColumnBuffer {
  /** Rows that have a value or a default already. 0: nothing to write. */
  filled: number;
  /** @returns false where `value` is not one of this type; the row keeps its default */
  set(row: number, value: Value): boolean;
  write(out: GrowingBytes, rows: number): void;
  reset(): void;
}

export function columnBuffer(type: ColumnType): ColumnBuffer {
  switch (type) {
    case 'String':
      return new TextColumn();
    case 'LowCardinality(String)':
      return new DictionaryColumn();
    case 'UInt8':
      return new FixedColumn(1, (value, into, at) => putUnsigned(value, into, at, 1));
    case 'UInt16':
      return new FixedColumn(2, (value, into, at) => putUnsigned(value, into, at, 2));
    case 'UInt32':
      return new FixedColumn(4, (value, into, at) => putUnsigned(value, into, at, 4));
    case 'UInt64':
      return new FixedColumn(8, putUint64);
    case "DateTime64(3, 'UTC')":
      return new FixedColumn(8, putMilliseconds);
    case 'UUID':
      return new FixedColumn(16, putUuid);
    case 'IPv6':
      return new FixedColumn(
        16,
        (value, into, at) => typeof value === 'string' && putAddress(value, into, at),
      );
    case 'FixedString(32)':
      return new FixedColumn(32, putHash);
    case 'Array(String)':
      return new ArrayColumn(false);
    case 'Array(LowCardinality(String))':
      return new ArrayColumn(true);
    case 'Map(LowCardinality(String), String)':
      return new FieldsColumn();
  }
}

type Put = (value: Value, into: Buffer, at: number) => boolean;

/** Values of one width. A value that does not fit leaves zeros. */
class FixedColumn implements ColumnBuffer {
  filled = 0;
  readonly #width: number;
  readonly #put: Put;
  readonly #data = new GrowingBytes();

  constructor(width: number, put: Put) {
    this.#width = width;
    this.#put = put;
  }

  set(row: number, value: Value): boolean {
    if (row < this.filled) return true;
    const data = this.#data;
    this.#fill(row);
    data.reserve(this.#width);
    // Where it does not fit, what was written lies behind the end: the row stays open for a better value.
    if (!this.#put(value, data.bytes, data.length)) return false;
    data.length += this.#width;
    this.filled = row + 1;
    return true;
  }

  write(out: GrowingBytes, rows: number): void {
    this.#fill(rows);
    out.raw(this.#data.bytes.subarray(0, rows * this.#width));
  }

  reset(): void {
    this.filled = 0;
    this.#data.length = 0;
  }

  #fill(rows: number): void {
    if (rows <= this.filled) return;
    const end = rows * this.#width;
    const data = this.#data;
    data.reserve(end - data.length);
    data.bytes.fill(0, data.length, end);
    data.length = end;
    this.filled = rows;
  }
}

class TextColumn implements ColumnBuffer {
  filled = 0;
  readonly #data = new GrowingBytes();

  set(row: number, value: Value): boolean {
    if (row < this.filled) return true;
    const text = asText(value);
    if (text === undefined) return false;
    if (text === '') return true;
    this.#fill(row);
    this.#data.string(text);
    this.filled = row + 1;
    return true;
  }

  write(out: GrowingBytes, rows: number): void {
    this.#fill(rows);
    out.raw(this.#data.bytes.subarray(0, this.#data.length));
  }

  reset(): void {
    this.filled = 0;
    this.#data.length = 0;
  }

  #fill(rows: number): void {
    const empty = rows - this.filled;
    if (empty <= 0) return;
    const data = this.#data;
    data.reserve(empty);
    data.bytes.fill(0, data.length, data.length + empty);
    data.length += empty;
    this.filled = rows;
  }
}

class DictionaryColumn implements ColumnBuffer {
  filled = 0;
  readonly #values = new Dictionary();

  set(row: number, value: Value): boolean {
    if (row < this.filled) return true;
    const text = asText(value);
    if (text === undefined) return false;
    if (text === '') return true;
    this.#fill(row);
    this.#values.add(text);
    this.filled = row + 1;
    return true;
  }

  write(out: GrowingBytes, rows: number): void {
    this.#fill(rows);
    this.#values.writePrefix(out);
    this.#values.write(out);
  }

  reset(): void {
    this.filled = 0;
    this.#values.reset();
  }

  #fill(rows: number): void {
    if (rows <= this.filled) return;
    this.#values.addEmpty(rows - this.filled);
    this.filled = rows;
  }
}

/** Where each row's elements end, as Array and Map have it. */
class Ends {
  #ends = new Float64Array(1024);
  rows = 0;

  fill(rows: number, end: number): void {
    if (rows > this.#ends.length) {
      const larger = new Float64Array(Math.max(rows, this.#ends.length * 2));
      larger.set(this.#ends);
      this.#ends = larger;
    }
    for (; this.rows < rows; this.rows++) this.#ends[this.rows] = end;
  }

  write(out: GrowingBytes): void {
    out.reserve(this.rows * 8);
    for (let row = 0; row < this.rows; row++) out.uint64(this.#ends[row] ?? 0);
  }
}

class ArrayColumn implements ColumnBuffer {
  filled = 0;
  readonly #ends = new Ends();
  readonly #texts = new GrowingBytes();
  readonly #values: Dictionary | undefined;
  #count = 0;

  constructor(dictionary: boolean) {
    this.#values = dictionary ? new Dictionary() : undefined;
  }

  set(row: number, value: Value): boolean {
    if (row < this.filled) return true;
    const list = typeof value === 'string' ? [value] : value;
    if (!Array.isArray(list)) return false;
    if (list.length === 0) return true;
    this.#ends.fill(row, this.#count);
    for (const element of list as readonly string[]) {
      // Array.isArray loses the readonly string[] of Value
      if (this.#values === undefined) this.#texts.string(element);
      else this.#values.add(element);
      this.#count++;
    }
    this.#ends.fill(row + 1, this.#count);
    this.filled = row + 1;
    return true;
  }

  write(out: GrowingBytes, rows: number): void {
    this.#ends.fill(rows, this.#count);
    this.#values?.writePrefix(out);
    this.#ends.write(out);
    if (this.#values === undefined) out.raw(this.#texts.bytes.subarray(0, this.#texts.length));
    else this.#values.write(out);
  }

  reset(): void {
    this.filled = 0;
    this.#count = 0;
    this.#ends.rows = 0;
    this.#texts.length = 0;
    this.#values?.reset();
  }
}

/** Map(LowCardinality(String), String): pairs are added one by one to the row that is being filled. */
export class FieldsColumn implements ColumnBuffer {
  filled = 0;
  readonly #ends = new Ends();
  readonly #names = new Dictionary();
  readonly #texts = new GrowingBytes(65_536);
  #count = 0;

  add(row: number, name: string, text: string): void {
    if (row > this.#ends.rows) this.#ends.fill(row, this.#count);
    this.#names.add(name);
    this.#texts.string(text);
    this.#count++;
    this.filled = row + 1;
  }

  /** Pairs come through `add`. */
  set(): boolean {
    return false;
  }

  write(out: GrowingBytes, rows: number): void {
    this.#ends.fill(rows, this.#count);
    this.#names.writePrefix(out);
    this.#ends.write(out);
    this.#names.write(out);
    out.raw(this.#texts.bytes.subarray(0, this.#texts.length));
  }

  reset(): void {
    this.filled = 0;
    this.#count = 0;
    this.#ends.rows = 0;
    this.#texts.length = 0;
    this.#names.reset();
  }
}

function asText(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

function putUnsigned(value: Value, into: Buffer, at: number, width: 1 | 2 | 4): boolean {
  const number = wholeNumber(value);
  if (!(number >= 0 && number < 2 ** (8 * width))) return false;
  into[at] = number;
  if (width === 1) return true;
  into[at + 1] = number >>> 8;
  if (width === 2) return true;
  into[at + 2] = number >>> 16;
  into[at + 3] = number >>> 24;
  return true;
}

function putUint64(value: Value, into: Buffer, at: number): boolean {
  if (typeof value === 'bigint') {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) return false;
    into.writeBigUInt64LE(value, at);
    return true;
  }
  const number = wholeNumber(value);
  if (!(number >= 0 && number <= Number.MAX_SAFE_INTEGER)) return false;
  into.writeUInt32LE(number >>> 0, at);
  into.writeUInt32LE(Math.floor(number / 0x1_0000_0000), at + 4);
  return true;
}

// SOURCE: ClickHouse documentation, DateTime64: 1900-01-01 to 2299-12-31.
const earliest = Date.UTC(1900, 0, 1);
const latest = Date.UTC(2299, 11, 31, 23, 59, 59, 999);

/** A Date, or milliseconds since 1970. */
function putMilliseconds(value: Value, into: Buffer, at: number): boolean {
  const milliseconds = value instanceof Date ? value.getTime() : value;
  if (typeof milliseconds !== 'number' || !(milliseconds >= earliest && milliseconds <= latest)) return false;
  const whole = Math.floor(milliseconds);
  into.writeUInt32LE(whole >>> 0, at);
  into.writeInt32LE(Math.floor(whole / 0x1_0000_0000), at + 4);
  return true;
}

/** ClickHouse keeps a UUID as two little-endian halves. */
function putUuid(value: Value, into: Buffer, at: number): boolean {
  if (value instanceof Uint8Array) {
    if (value.length !== 16) return false;
    for (let index = 0; index < 8; index++) {
      into[at + index] = value[7 - index] ?? 0;
      into[at + 8 + index] = value[15 - index] ?? 0;
    }
    return true;
  }
  if (
    typeof value !== 'string' ||
    value.length !== 36 ||
    !putHex(value, 0, 8, into, at) ||
    !putHex(value, 9, 4, into, at + 4) ||
    !putHex(value, 14, 4, into, at + 6) ||
    !putHex(value, 19, 4, into, at + 8) ||
    !putHex(value, 24, 12, into, at + 10)
  ) {
    return false;
  }
  into.subarray(at, at + 8).reverse();
  into.subarray(at + 8, at + 16).reverse();
  return true;
}

/** 32 bytes, as such or as the characters 0 to 255 of a text; or 64 hex digits. */
function putHash(value: Value, into: Buffer, at: number): boolean {
  if (typeof value === 'string') {
    if (value.length !== 32) return value.length === 64 && putHex(value, 0, 64, into, at);
    for (let index = 0; index < 32; index++) {
      const code = value.charCodeAt(index);
      if (code > 0xff) return false;
      into[at + index] = code;
    }
    return true;
  }
  if (!(value instanceof Uint8Array) || value.length !== 32) return false;
  into.set(value, at);
  return true;
}
