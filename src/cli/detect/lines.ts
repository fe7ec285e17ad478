/** A line of a file, or that it was longer than the cap: then what it said is gone, and counted. */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly tooLong: true };

/** 0-based numbers; every line end counts, empty lines are left out. Only ever one line is held, up to `cap` bytes. */
export async function* readLines(chunks: AsyncIterable<Buffer>, cap: number): AsyncGenerator<Line[]> {
  let number = 0;
  let rest: Buffer[] = [];
  let length = 0;
  const lineOf = (parts: readonly Buffer[]): Line | undefined => {
    const at = number++;
    if (length > cap) return { number: at, tooLong: true };
    const text = (parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts)).toString('utf8');
    const trimmed = (at === 0 ? text.replace(/^\uFEFF/, '') : text).trim();
    return trimmed === '' ? undefined : { number: at, text: trimmed };
  };
  const keep = (part: Buffer): void => {
    length += part.length;
    if (length <= cap) rest.push(part);
    else rest = [];
  };
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      keep(chunk.subarray(from, end));
      const line = lineOf(rest);
      if (line) lines.push(line);
      rest = [];
      length = 0;
      from = end + 1;
    }
    if (from < chunk.length) keep(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (length > 0) {
    const line = lineOf(rest);
    if (line) yield [line];
  }
}
