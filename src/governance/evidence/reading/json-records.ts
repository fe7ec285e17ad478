import { EvidenceRefused } from '../errors.ts';
import { caps, sizeText } from './caps.ts';

/** A value of the file: its bytes. `whole` is false for one that the end of the file cut. */
export type JsonPiece = { readonly bytes: Buffer; readonly whole: boolean };

/** Members that hold the list in what interfaces answer: Graph's `value`, ours `facts`, and the like. */
const listNames = /^(?:value|facts|items|records|results|data|entries|events|sessions|users)$/i;

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/**
 * Cuts JSON into its records without parsing it: the elements of an array, of the first list in an object (see
 * `listNames`), or values one after another. Brackets and quotes are counted; whoever parses the piece judges the rest.
 * In bounded memory: one piece at a time.
 *
 * @param about told the members before the list, as the text of an object; '{}' where the array is all there is
 * @throws {EvidenceRefused} for a piece past the cap
 */
export async function* jsonPieces(
  chunks: AsyncIterable<Buffer>,
  about: (text: string) => void,
): AsyncGenerator<JsonPiece> {
  const cutter = pieceCutter(about);
  for await (const chunk of chunks) yield* cutter.push(chunk);
  yield* cutter.end();
}

function pieceCutter(about: (text: string) => void) {
  let held: Buffer[] = [];
  let heldBytes = 0;
  /** Brackets open around the byte that is looked at. */
  let depth = 0;
  /** The depth at which pieces lie: 0 one after another, 1 in an array, 2 in a list of an object; -1: after the list. */
  let level = 0;
  let inString = false;
  let escaped = false;
  let inPiece = false;
  let first = true;
  let keyFrom = -1;
  let key = '';

  const keep = (chunk: Buffer, from: number, to: number): void => {
    held.push(chunk.subarray(from, to));
    heldBytes += to - from;
    if (heldBytes > caps.recordBytes)
      throw new EvidenceRefused(
        `a record in it is larger than ${sizeText(caps.recordBytes)}, or it is one JSON value without a list of records.`,
      );
  };
  const take = (whole: boolean): JsonPiece => {
    const bytes = held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held);
    held = [];
    heldBytes = 0;
    inPiece = false;
    return { bytes, whole };
  };

  function* push(chunk: Buffer): Generator<JsonPiece> {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) {
          inString = false;
          if (keyFrom >= 0) {
            key = Buffer.concat([...held, chunk.subarray(from, at)]).toString('utf8', keyFrom + 1);
            keyFrom = -1;
          }
        }
        continue;
      }
      if (level < 0) continue;
      if (!inPiece) {
        if (isSpace(byte) || byte === 0x2c) continue;
        if (first && byte === openBracket) {
          first = false;
          level = 1;
          depth = 1;
          about('{}');
          continue;
        }
        if (byte === closeBracket && level > 0) {
          level = -1;
          continue;
        }
        inPiece = true;
        from = at;
      }
      if (byte === quote) {
        inString = true;
        if (first && depth === 1) keyFrom = heldBytes + at - from;
      } else if (byte === openBrace || byte === openBracket) {
        if (first && depth === 1 && byte === openBracket && listNames.test(key)) {
          const before = Buffer.concat([...held, chunk.subarray(from, at)]).toString('utf8');
          about(before.replace(/,?\s*"[^"]*"\s*:\s*$/, '}'));
          held = [];
          heldBytes = 0;
          first = false;
          inPiece = false;
          level = 2;
          depth = 2;
          continue;
        }
        depth++;
      } else if (byte === closeBrace || byte === closeBracket) {
        depth--;
        if (depth === level) {
          keep(chunk, from, at + 1);
          if (first) about('{}');
          first = false;
          yield take(true);
        } else if (depth < level) {
          // A scalar element, then the end of the list.
          keep(chunk, from, at);
          level = -1;
          yield take(true);
        }
      } else if (depth === level && byte === 0x2c) {
        keep(chunk, from, at);
        yield take(true);
      }
    }
    if (inPiece) keep(chunk, from, chunk.length);
  }

  function* end(): Generator<JsonPiece> {
    if (first) about('{}');
    if (inPiece) yield take(false);
    else if (level > 0) yield { bytes: Buffer.alloc(0), whole: false };
  }
  return { push, end };
}
