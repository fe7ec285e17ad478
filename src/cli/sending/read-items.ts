import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { UsageError } from '../errors.ts';
import { jsonObjects, nesting } from './json-values.ts';
import { lines } from './lines.ts';
import { isZeekTsv, zeekRecords } from './zeek-tsv.ts';

export type Items = {
  /** json: objects for `_bulk`; line: text for `_lines`. */
  readonly wire: 'json' | 'line';
  /** For the person. */
  readonly format: string;
  readonly items: AsyncIterable<Buffer>;
};

export const formats = ['auto', 'json', 'ndjson', 'zeek', 'lines'] as const;
export type Format = (typeof formats)[number];

const headBytes = 64 * 1024;
/** The server's limit, and a bit: a longer one is its to reject. */
const maxItemBytes = 8 * 1024 * 1024;

/**
 * The events of a file, whatever it is: NDJSON (Suricata EVE, Zeek JSON, EVTX and Beats records), a JSON array,
 * objects one after the other, CloudTrail's `{"Records":[…]}`, Zeek's tab-separated logs, or lines of text; each may be
 * compressed with gzip or zstd.
 *
 * @throws {UsageError} for what is none of these
 */
export async function readItems(input: Readable, format: Format): Promise<Items> {
  const raw = await withHead(input);
  const { head, chunks } = isGzip(raw.head)
    ? await withHead(unpacked(raw.chunks, createGunzip()))
    : isZstd(raw.head)
      ? await withHead(unpacked(raw.chunks, createZstdDecompress()))
      : raw;
  if (head.subarray(0, 7).toString('latin1') === 'ElfFile') {
    throw new UsageError(
      'This is a binary EVTX file. Turn it into JSON first, e.g. with "evtx_dump -o jsonl", and send that.',
    );
  }
  const text = head.toString('utf8').replace(/^\ufeff/, '');
  const around = format === 'zeek' || format === 'lines' || format === 'ndjson' ? undefined : nesting(text);
  if (around !== undefined) {
    const name = ['JSON objects', 'a JSON array', 'a JSON array in an object'][around] ?? 'JSON';
    return { wire: 'json', format: name, items: jsonObjects(chunks, around, maxItemBytes) };
  }
  if (format === 'zeek' || (format === 'auto' && isZeekTsv(text))) {
    return { wire: 'json', format: 'a Zeek log', items: zeekRecords(lines(chunks, maxItemBytes)) };
  }
  if (format === 'json' || format === 'ndjson' || (format === 'auto' && text.trimStart().startsWith('{'))) {
    return {
      wire: 'json',
      format: 'JSON, one object a line',
      items: lines(withoutMark(chunks), maxItemBytes),
    };
  }
  return { wire: 'line', format: 'lines of text', items: lines(withoutMark(chunks), maxItemBytes) };
}

const isGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b;
const isZstd = (head: Buffer): boolean => head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528;

/** Reads enough to tell what it is, and gives it all again. */
async function withHead(
  input: AsyncIterable<Buffer>,
): Promise<{ head: Buffer; chunks: AsyncIterable<Buffer> }> {
  const iterator = input[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let size = 0;
  while (size < headBytes) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
    size += next.value.length;
  }
  async function* chunks(): AsyncGenerator<Buffer> {
    yield* first.splice(0);
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  }
  return { head: Buffer.concat(first).subarray(0, headBytes), chunks: chunks() };
}

async function* unpacked(
  chunks: AsyncIterable<Buffer>,
  inflate: ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>,
): AsyncGenerator<Buffer> {
  const feeding = (async () => {
    for await (const chunk of chunks) {
      if (!inflate.write(chunk)) await new Promise((resolve) => inflate.once('drain', resolve));
      if (inflate.destroyed) return;
    }
    inflate.end();
  })();
  feeding.catch((error: unknown) =>
    inflate.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  for await (const chunk of inflate) {
    // Nobody set an encoding, so these are buffers.
    yield chunk as Buffer;
  }
  await feeding;
}

/** Windows programs put a byte order mark in front. */
async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of chunks) {
    const hasMark = isFirst && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
    isFirst = false;
    yield hasMark ? chunk.subarray(3) : chunk;
  }
}
