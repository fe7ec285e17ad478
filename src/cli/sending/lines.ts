const lineFeed = 10;
const carriageReturn = 13;

/** Lines without their ends; blank ones are left out. A line longer than `maxBytes` comes in pieces of that length. */
export async function* lines(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let at = 0;
    for (;;) {
      const feed = chunk.indexOf(lineFeed, at);
      if (feed === -1) break;
      const line = trimmed(
        rest.length === 0 ? chunk.subarray(at, feed) : Buffer.concat([...rest, chunk.subarray(at, feed)]),
      );
      rest = [];
      size = 0;
      at = feed + 1;
      if (line.length > 0) yield line;
    }
    if (at < chunk.length) {
      rest.push(Buffer.from(chunk.subarray(at)));
      size += chunk.length - at;
    }
    if (size > maxBytes) {
      yield Buffer.concat(rest);
      rest = [];
      size = 0;
    }
  }
  const last = trimmed(Buffer.concat(rest));
  if (last.length > 0) yield last;
}

function trimmed(line: Buffer): Buffer {
  const end = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
  return line.subarray(0, end);
}
