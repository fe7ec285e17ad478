import { readLines, type Line } from './lines.ts';
import { readValues } from './json-values.ts';

/** One event of an input, or why there is none at this place. */
export type Read =
  | {
      readonly line: number;
      readonly record: unknown;
      /** The JSON text of it, and of nothing else. */
      readonly json?: string;
    }
  | { readonly line: number; readonly why: string };

/** Longer events are counted, not read. */
export const maxEventBytes = 32 * 1024 * 1024;

/**
 * NDJSON, a JSON array, JSON objects over several lines, or plain lines of text, told apart by how the input begins.
 * A line of text is an event `{message}`: rules by keyword see it where its log source is declared.
 */
export async function* readRecords(chunks: AsyncIterable<Buffer>): AsyncGenerator<Read[]> {
  const { head, all } = await peek(chunks);
  const form = formOf(head);
  const read = form === 'values' ? readValues(all, maxEventBytes) : readLines(all, maxEventBytes);
  for await (const lines of read)
    yield lines.flatMap((line) => (form === 'text' ? [textRecord(line)] : jsonRecords(line)));
}

function formOf(head: string): 'lines' | 'values' | 'text' {
  const start = head.replace(/^\uFEFF/, '').trimStart();
  if (start.startsWith('[')) return isLogLine(start) ? 'text' : 'values';
  if (!start.startsWith('{')) return 'text';
  const end = start.indexOf('\n');
  if (end < 0) return 'lines';
  try {
    JSON.parse(start.slice(0, end));
    return 'lines';
  } catch {
    // The first object goes on after its first line, or that line is broken: then the next ones begin with a brace.
    return start
      .slice(end + 1)
      .trimStart()
      .startsWith('{"')
      ? 'lines'
      : 'values';
  }
}

/** `[Thu Mar 04 …] [error]` of a web server is no array. */
function isLogLine(start: string): boolean {
  return !/^\[\s*([{[\]"]|$)/.test(start);
}

function textRecord(line: Line): Read {
  return 'tooLong' in line ? tooLong(line) : { line: line.number, record: { message: line.text } };
}

function jsonRecords(line: Line): Read[] {
  if ('tooLong' in line) return [tooLong(line)];
  let record: unknown;
  try {
    record = parseExactly(line.text);
  } catch (error) {
    return [
      {
        line: line.number,
        why: `not JSON: ${error instanceof Error ? error.message.slice(0, 120) : 'unreadable'}`,
      },
    ];
  }
  const inner = recordsInside(record);
  return inner === undefined
    ? [{ line: line.number, record, json: line.text }]
    : inner.map((one) => ({ line: line.number, record: one }));
}

/**
 * Whole numbers beyond 2^53 stay as they are written, as text: rules compare either. Inside a text the quotes break the
 * JSON, never change it in silence; then it is read as it is.
 */
function parseExactly(text: string): unknown {
  if (!/\d{17}/.test(text)) return JSON.parse(text);
  try {
    return JSON.parse(text.replaceAll(/([:[,]\s*)(-?\d{17,40})(?=\s*[,\]}])/g, '$1"$2"'));
  } catch {
    return JSON.parse(text);
  }
}

/** CloudTrail delivers its records as one object that holds them. */
function recordsInside(record: unknown): readonly unknown[] | undefined {
  if (
    typeof record !== 'object' ||
    record === null ||
    !('Records' in record) ||
    !Array.isArray(record.Records)
  )
    return undefined;
  return record.Records;
}

function tooLong({ number }: { number: number }): Read {
  return { line: number, why: `longer than ${maxEventBytes / 1024 / 1024} MB` };
}

async function peek(chunks: AsyncIterable<Buffer>): Promise<{ head: string; all: AsyncGenerator<Buffer> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let length = 0;
  while (length < 65_536) {
    const next = await iterator.next();
    if (next.done) break;
    first.push(next.value);
    length += next.value.length;
  }
  async function* all(): AsyncGenerator<Buffer> {
    yield* first;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  return { head: Buffer.concat(first).toString('utf8', 0, 1_048_576), all: all() };
}
