import { EvidenceRefused } from '../errors.ts';
import { caps, sizeText } from './caps.ts';

export type ByteLine = { readonly line: number; readonly bytes: Buffer; readonly ended: boolean };

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Lines by LF or CR LF, in bounded memory; a line of a single CR-separated file is cut at its CRs.
 * @throws {EvidenceRefused} for a line past the cap
 */
export async function* byteLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<ByteLine> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let line = 1;
  const cut = function* (bytes: Buffer, ended: boolean): Generator<ByteLine> {
    const whole = bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
    let from = 0;
    for (let at = whole.indexOf(carriageReturn); at >= 0; at = whole.indexOf(carriageReturn, from)) {
      yield { line: line++, bytes: whole.subarray(from, at), ended: true };
      from = at + 1;
    }
    yield { line: line++, bytes: whole.subarray(from), ended };
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
      const piece = chunk.subarray(from, at);
      yield* cut(held.length === 0 ? piece : Buffer.concat([...held, piece]), true);
      held = [];
      heldBytes = 0;
      from = at + 1;
    }
    if (from < chunk.length) {
      held.push(chunk.subarray(from));
      heldBytes += chunk.length - from;
    }
    if (heldBytes > caps.lineBytes)
      throw new EvidenceRefused(`line ${line} is longer than ${sizeText(caps.lineBytes)}.`);
  }
  if (heldBytes > 0) yield* cut(Buffer.concat(held), false);
}
