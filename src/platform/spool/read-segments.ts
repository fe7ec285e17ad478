import { type FileHandle, open } from 'node:fs/promises';
import { decodeFrame } from './frame-codec.ts';
import { recordAt, stepAt } from './record.ts';
import type { Segment } from './segment.ts';
import type { Frame, Position } from './spool.ts';

/** Several of the doors' largest frames: one that is cut by the end of a chunk is read again. */
const chunkBytes = 4 * 1024 * 1024;

/** What a reader needs of the open spool. */
export type Shelf = {
  /** Oldest first; the last one grows. */
  readonly segments: readonly Segment[];
  /** Resolves at the next append, at close, or when `signal` aborts. */
  grown(signal: AbortSignal): Promise<void>;
  readonly closed: boolean;
  damaged(segment: Segment, at: number, bytes: Buffer): Promise<void>;
};

/** Frames from `from` on, oldest first; damaged records are told to the shelf and left out. */
export async function* readSegments(
  shelf: Shelf,
  from: Position,
  signal: AbortSignal,
  until?: Position,
): AsyncGenerator<{ frame: Frame; end: Position }> {
  let position = startAt(shelf.segments, from);
  let handle: FileHandle | undefined;
  let opened: Segment | undefined;
  let wanted = chunkBytes;
  try {
    while (!signal.aborted && (until === undefined || isBefore(position, until))) {
      const segment = shelf.segments.find(({ number }) => number >= position.segment);
      if (segment === undefined) return;
      if (segment.number > position.segment) position = { segment: segment.number, offset: 0 };
      const end = segment.end;
      if (position.offset >= end) {
        if (segment !== shelf.segments.at(-1)) position = { segment: segment.number + 1, offset: 0 };
        else if (shelf.closed) return;
        else await shelf.grown(signal);
        continue;
      }
      if (opened !== segment) {
        await handle?.close();
        handle = undefined;
        handle = await open(segment.path, 'r');
        opened = segment;
      }
      if (handle === undefined) return;
      const length = Math.min(wanted, end - position.offset);
      const bytes = await readExactly(handle, length, position.offset);
      const base = position.offset;
      wanted = chunkBytes;
      let at = 0;
      while (at < bytes.length) {
        const found = recordAt(bytes, at, segment.mark);
        if (found.state === 'short' && base + found.need <= end) {
          wanted = Math.max(chunkBytes, found.need - at);
          break;
        }
        if (found.state === 'record') {
          const frame = found.kind === 'frame' ? decoded(found.body) : undefined;
          position = { segment: segment.number, offset: base + found.end };
          if (frame === null) await shelf.damaged(segment, base + at, found.body);
          else if (frame !== undefined) yield { frame, end: position };
          if (signal.aborted) return;
          at = found.end;
          continue;
        }
        const rest = await readExactly(handle, end - base - at, base + at);
        const step = stepAt(rest, 0, segment.mark);
        const skipped = step.step === 'damage' ? step.end : rest.length;
        await shelf.damaged(segment, base + at, rest.subarray(0, skipped));
        position = { segment: segment.number, offset: base + at + skipped };
        break;
      }
    }
  } finally {
    await handle?.close();
  }
}

export const isBefore = (a: Position, b: Position): boolean =>
  a.segment < b.segment || (a.segment === b.segment && a.offset < b.offset);

/** A position behind everything there is (a folder that was emptied) starts at the oldest: the reader knows doubles. */
function startAt(segments: readonly Segment[], from: Position): Position {
  const newest = segments.at(-1);
  const isBehind =
    newest !== undefined &&
    (from.segment > newest.number || (from.segment === newest.number && from.offset > newest.end));
  return isBehind ? { segment: 0, offset: 0 } : from;
}

/** Null for a body whose checksum holds but whose lengths do not: written by a fault of ours. */
function decoded(body: Buffer): Frame | null {
  try {
    return decodeFrame(body);
  } catch {
    return null;
  }
}

async function readExactly(handle: FileHandle, length: number, position: number): Promise<Buffer> {
  // Memory of its own, which a reader may give back.
  const bytes = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}
