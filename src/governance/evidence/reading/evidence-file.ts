import type { Json } from '#ledger';
import { EvidenceRefused } from '../errors.ts';
import type { Encoding, EvidenceFile, FileHead, FileRecord } from '../importer.ts';
import { byteLines } from './byte-lines.ts';
import { caps, sizeText } from './caps.ts';
import { csvRows } from './csv-rows.ts';
import { decodeEach, decoderNames, detectEncoding } from './encoding.ts';
import { jsonPieces } from './json-records.ts';
import { unpacked } from './unpack.ts';

/** Opens what was received, from its beginning, each time it is called. */
export type Open = () => AsyncIterable<Buffer>;

export type OpenedFile = {
  readonly file: EvidenceFile;
  readonly head: FileHead;
  /** Lines or records that were not UTF-8 in a file that otherwise is; counted while it is read. */
  readonly strays: () => number;
};

/** @param name as it was sent: for people and for `accepts`, never a path */
export async function openEvidenceFile(name: string, open: Open): Promise<OpenedFile> {
  const bytes = (): AsyncIterable<Buffer> => unpacked(open());
  const first = await headOf(bytes());
  const { encoding, markBytes } = detectEncoding(first);
  const text = (): AsyncIterable<Buffer> => asUtf8(bytes(), encoding, markBytes);
  let strays = 0;
  const decode = (piece: Buffer): string => {
    const decoded = decodeEach(piece);
    if (decoded.encoding === 'Windows-1252') strays++;
    return decoded.text;
  };
  const head: FileHead = {
    name,
    encoding,
    text: new TextDecoder(decoderNames[encoding]).decode(first.subarray(markBytes)),
  };
  const whole = async (): Promise<string> => {
    strays = 0;
    return decode(await collected(text()));
  };
  const lines: EvidenceFile['lines'] = async function* () {
    strays = 0;
    for await (const { line, bytes: piece, ended } of byteLines(text()))
      yield { line, text: decode(piece), ended };
  };
  const file: EvidenceFile = {
    name,
    encoding,
    bytes: () => collected(bytes()),
    text: whole,
    async json() {
      try {
        // What JSON.parse gives is JSON.
        return JSON.parse(await whole()) as Json;
      } catch (error) {
        if (error instanceof EvidenceRefused) throw error;
        throw new EvidenceRefused(`it is not JSON: ${messageOf(error)}.`, {}, error);
      }
    },
    lines,
    async about() {
      let about = '{}';
      for await (const _ of jsonPieces(text(), (members) => {
        about = members;
      }))
        break;
      return recordOf(about) ?? {};
    },
    async *records() {
      strays = 0;
      if (isLines(head.text)) yield* lineRecords(lines());
      else
        yield* pieceRecords(
          jsonPieces(text(), () => undefined),
          decode,
        );
    },
    rows: () => csvRows(lines()),
  };
  return { file, head, strays: () => strays };
}

async function headOf(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size >= caps.headBytes) break;
  }
  return Buffer.concat(parts).subarray(0, caps.headBytes);
}

async function collected(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size > caps.wholeBytes)
      throw new EvidenceRefused(`this kind of file is read whole and may have ${sizeText(caps.wholeBytes)}.`);
  }
  return Buffer.concat(parts);
}

/** Without its byte order mark, and UTF-16 as UTF-8. What is Windows-1252 stays: it is decoded piece by piece. */
async function* asUtf8(
  chunks: AsyncIterable<Buffer>,
  encoding: Encoding,
  markBytes: number,
): AsyncGenerator<Buffer> {
  if (encoding === 'UTF-16LE' || encoding === 'UTF-16BE') {
    const decoder = new TextDecoder(decoderNames[encoding]);
    for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
    yield Buffer.from(decoder.decode());
    return;
  }
  let mark = markBytes;
  for await (const chunk of chunks) {
    const skipped = Math.min(mark, chunk.length);
    mark -= skipped;
    if (skipped < chunk.length) yield chunk.subarray(skipped);
  }
}

/** A file whose first line is a JSON object by itself, with more lines after it. */
function isLines(head: string): boolean {
  const [first = '', second] = head
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return second !== undefined && recordOf(first) !== undefined;
}

async function* lineRecords(
  lines: AsyncIterable<{ line: number; text: string; ended: boolean }>,
): AsyncGenerator<FileRecord> {
  for await (const { line, text, ended } of lines) {
    if (text.trim() === '') continue;
    const value = recordOf(text);
    if (value !== undefined) yield { ok: true, row: line, value };
    else if (ended) yield { ok: false, row: line, why: 'It is no JSON object.', cutOff: false };
    else yield { ok: false, row: line, why: 'The file stops in the middle of this line.', cutOff: true };
  }
}

async function* pieceRecords(
  pieces: AsyncIterable<{ bytes: Buffer; whole: boolean }>,
  decode: (bytes: Buffer) => string,
): AsyncGenerator<FileRecord> {
  let row = 0;
  for await (const { bytes, whole } of pieces) {
    row++;
    const text = decode(bytes);
    const value = recordOf(text);
    if (value !== undefined) yield { ok: true, row, value };
    else if (whole) yield { ok: false, row, why: 'It is no JSON object.', cutOff: false };
    else yield { ok: false, row, why: 'The file stops in the middle of this record.', cutOff: true };
  }
}

function recordOf(text: string): { readonly [name: string]: Json } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // An object that JSON.parse gave has JSON members.
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as { readonly [name: string]: Json })
      : undefined;
  } catch {
    return undefined;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');
