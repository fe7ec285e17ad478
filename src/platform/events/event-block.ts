import { GrowingBytes } from './block/bytes.ts';
import { type ColumnBuffer, columnBuffer, FieldsColumn, type Value } from './block/columns.ts';
import { columnIndex, columns } from './columns.ts';

/**
 * Rows of the event table, encoded column by column in ClickHouse's Native format while they are made.
 * Only columns that got a value are written; the table's defaults do the rest. One block is used for many batches:
 * `finish` answers the bytes and empties it, its memory stays.
 *
 * ```ts
 * block.row();
 * block.set(columnIndex.tenancy_id, 'acme-odce');
 * block.field('EventID', '4688');
 * ```
 */
export class EventBlock {
  rows = 0;
  readonly #columns: (ColumnBuffer | undefined)[] = columns.map(() => undefined);
  readonly #fields = new FieldsColumn();
  readonly #out = new GrowingBytes(65_536);

  constructor() {
    this.#columns[columnIndex.fields] = this.#fields;
  }

  /** Begins the next row: `set` and `field` are about it from now on. */
  row(): void {
    this.rows++;
  }

  /**
   * @param column position in `columns`, from `columnIndex`
   * @param value numbers also as text (decimal, 0x hex); times as Date or milliseconds since 1970; addresses as text;
   *   hashes as 64 hex digits or 32 bytes; ids as text or 16 bytes; arrays of text. '' and [] are the default anyway
   * @returns false where the value is not one of the column's type or range: the row keeps the default
   */
  set(column: number, value: Value): boolean {
    let buffer = this.#columns[column];
    if (buffer === undefined) {
      const definition = columns[column];
      if (definition === undefined) throw new RangeError(`The event table has no column ${column}`);
      buffer = columnBuffer(definition.type);
      this.#columns[column] = buffer;
    }
    return buffer.set(this.rows - 1, value);
  }

  /** A native field of the producer, verbatim. A name that comes twice is kept twice. */
  field(name: string, text: string): void {
    this.#fields.add(this.rows - 1, name, text);
  }

  /** @returns what `EventStore.insert` takes; the bytes are the caller's own (may be transferred) */
  finish(): Uint8Array<ArrayBuffer> {
    const out = this.#out;
    const used = this.#columns.flatMap((buffer, index) =>
      buffer !== undefined && buffer.filled > 0 ? [{ buffer, column: columns[index] }] : [],
    );
    out.length = 0;
    out.varint(this.rows);
    out.string(used.map(({ column }) => column?.name).join(','));
    if (this.rows > 0) {
      out.varint(used.length);
      out.varint(this.rows);
    }
    for (const { buffer, column } of used) {
      out.string(column?.name ?? '');
      out.string(column?.type ?? '');
      buffer.write(out, this.rows);
    }
    for (const { buffer } of used) buffer.reset();
    this.rows = 0;
    return new Uint8Array(out.bytes.subarray(0, out.length));
  }
}

/** What `EventBlock.finish` made: how many rows, of which columns, and the Native bytes themselves. */
export function readBlock(block: Uint8Array): { rows: number; columns: string[]; native: Uint8Array } {
  const [rows, afterRows] = varint(block, 0);
  const [size, start] = varint(block, afterRows);
  const names = Buffer.from(block.buffer, block.byteOffset + start, size).toString('latin1');
  return { rows, columns: names === '' ? [] : names.split(','), native: block.subarray(start + size) };
}

function varint(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let index = at, shift = 0; ; index++, shift += 7) {
    const byte = bytes[index];
    if (byte === undefined || shift > 28) throw new RangeError('The block is cut short');
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [value, index + 1];
  }
}
