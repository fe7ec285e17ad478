import { open, readFile } from 'node:fs/promises';
import { peekFrame } from './frame-codec.ts';
import { prefixBytes, recordAt, stepAt } from './record.ts';
import { type Head, listSegments, parseHead, type Segment } from './segment.ts';

export type Recovered = {
  readonly segments: Segment[];
  /** Last sequence given to each source. */
  readonly sequences: Map<string, number>;
  /** What stood behind the last whole record of the newest segment and was cut off. */
  readonly tail: { readonly segment: Segment; readonly bytes: Buffer } | undefined;
};

/**
 * What a folder of segments holds after a stop of any kind. Reads the newest segment to its end, and older ones only
 * where no head says what was before.
 * Changes one thing: cuts the torn tail off the newest segment.
 */
export async function recover(folder: string): Promise<Recovered> {
  const segments = await listSegments(folder);
  const heads = await Promise.all(segments.map(readHead));
  for (const [index, head] of heads.entries()) {
    const before = segments[index - 1];
    if (before !== undefined && head?.previousEnd != null)
      before.end = Math.min(before.end, head.previousEnd);
  }
  const sequences = new Map<string, number>();
  let tail: Recovered['tail'];
  for (let index = segments.length - 1; index >= 0; index--) {
    const segment = segments[index];
    if (segment === undefined) break;
    const bytes = (await readFile(segment.path)).subarray(0, segment.end);
    const end = scan(bytes, segment, sequences);
    if (index === segments.length - 1 && end < bytes.length) {
      tail = { segment, bytes: bytes.subarray(end) };
      await cut(segment, end);
    }
    const head = heads[index];
    if (head === undefined) continue;
    for (const [source, last] of Object.entries(head.sequences)) raise(sequences, source, last);
    break;
  }
  return { segments, sequences, tail };
}

/** @returns where the last whole record ends */
function scan(bytes: Buffer, segment: Segment, sequences: Map<string, number>): number {
  let at = 0;
  while (at < bytes.length) {
    const found = stepAt(bytes, at, segment.mark);
    if (found.step === 'torn') break;
    if (found.step === 'record' && found.kind === 'frame') {
      const { source, firstSequence, count } = peekFrame(found.body);
      raise(sequences, source, firstSequence + count - 1);
    }
    at = found.end;
  }
  return at;
}

async function readHead(segment: Segment): Promise<Head | undefined> {
  const handle = await open(segment.path, 'r');
  try {
    const read = async (length: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    };
    const first = recordAt(await read(Math.min(segment.end, 64 * 1024)), 0, segment.mark);
    const whole =
      first.state === 'short' && first.need <= segment.end
        ? recordAt(await read(first.need), 0, segment.mark)
        : first;
    return whole.state === 'record' && whole.kind === 'head' ? parseHead(whole.body) : undefined;
  } finally {
    await handle.close();
  }
}

async function cut(segment: Segment, end: number): Promise<void> {
  const handle = await open(segment.path, 'r+');
  try {
    await handle.truncate(end);
    await handle.sync();
  } finally {
    await handle.close();
  }
  segment.end = end;
}

export function raise(sequences: Map<string, number>, source: string, last: number): void {
  if ((sequences.get(source) ?? 0) < last) sequences.set(source, last);
}

/** Was being made when the process stopped: nothing was ever acknowledged in it. */
export const isUnborn = (segment: Segment): boolean => segment.end < prefixBytes;
