import type { Line } from './lines.ts';

const quote = 0x22;
const backslash = 0x5c;
const open = new Set([0x7b, 0x5b]);
const close = new Set([0x7d, 0x5d]);

/**
 * The values of a JSON array, or JSON objects that follow each other over as many lines as they like, one by one: the
 * number of each is its place. Only one value is held, up to `cap` bytes. Text that is no JSON comes out as it is, for
 * whoever parses it to refuse.
 */
export async function* readValues(chunks: AsyncIterable<Buffer>, cap: number): AsyncGenerator<Line[]> {
  let number = 0;
  let depth = 0;
  let inText = false;
  let escaped = false;
  /** Depth of the values: 1 inside an array that holds them. */
  let base: 0 | 1 | undefined;
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const values: Line[] = [];
    let from = depth > (base ?? 0) ? 0 : -1;
    const keep = (end: number): void => {
      if (from < 0) return;
      length += end - from;
      if (length <= cap) parts.push(chunk.subarray(from, end));
      else parts = [];
    };
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inText = false;
      } else if (byte === quote) inText = depth > (base ?? 0);
      else if (open.has(byte)) {
        if (base === undefined) base = byte === 0x5b ? 1 : 0;
        if (depth === base && !(base === 1 && depth === 0)) from = at;
        depth++;
      } else if (close.has(byte)) {
        depth--;
        if (depth < 0) depth = 0;
        if (depth === base && from >= 0) {
          keep(at + 1);
          values.push(
            length > cap
              ? { number, tooLong: true }
              : { number, text: Buffer.concat(parts).toString('utf8') },
          );
          number++;
          parts = [];
          length = 0;
          from = -1;
        }
      }
    }
    if (from >= 0) keep(chunk.length);
    if (values.length > 0) yield values;
  }
  if (length > 0)
    yield [
      length > cap ? { number, tooLong: true } : { number, text: Buffer.concat(parts).toString('utf8') },
    ];
}
