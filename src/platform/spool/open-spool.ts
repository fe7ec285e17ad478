import { type FileHandle, mkdir, open, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceId } from '#platform/scope';
import { FrameTooLarge, SpoolClosed, SpoolFull } from './errors.ts';
import { checkFrame, encodedSize, encodeFrame } from './frame-codec.ts';
import { readSegments, type Shelf } from './read-segments.ts';
import { maxBodyBytes, prefixBytes, writePrefix } from './record.ts';
import { isUnborn, raise, recover } from './recover.ts';
import { createSegment, type Segment, syncFolder, writeAll } from './segment.ts';
import type { NewFrame, Position, Spool } from './spool.ts';

/** Bytes of the spool that could not be read back. They are kept in `quarantine/` of its folder. */
export type Damage = {
  readonly kind: 'record' | 'torn-tail';
  readonly segment: number;
  readonly offset: number;
  readonly sizeBytes: number;
  /** File the bytes were copied to. */
  readonly keptAs: string;
};

export type SpoolOptions = {
  readonly folder: string;
  /** All segments together never exceed this. */
  readonly capBytes: number;
  /** A segment is closed once it is this long. Default 64 MiB, at most an eighth of the cap. */
  readonly segmentBytes?: number;
  /** Sequences that the caller has already seen: none is given again, even when the folder was lost. */
  readonly atLeast?: ReadonlyMap<string, number>;
  /** Called once for each damaged place, with nothing of it acknowledged as read. */
  readonly onDamage?: (damage: Damage) => void;
};

/** Frames that are written and synced together. */
const groupBytes = 8 * 1024 * 1024;

type Waiting = {
  readonly frame: NewFrame;
  readonly sizeBytes: number;
  readonly resolve: (firstSequence: number) => void;
  readonly reject: (cause: unknown) => void;
};

/** @throws the system's error when the folder can't be made or read */
export async function openSpool(options: SpoolOptions): Promise<Spool & { readonly damages: number }> {
  const { folder, capBytes } = options;
  const segmentBytes = Math.min(options.segmentBytes ?? 64 * 1024 * 1024, Math.floor(capBytes / 8));
  await mkdir(join(folder, 'quarantine'), { recursive: true, mode: 0o700 });

  const damagedPlaces = new Set<string>();
  async function damaged(
    kind: Damage['kind'],
    segment: Segment,
    offset: number,
    bytes: Buffer,
  ): Promise<void> {
    const place = `${segment.number}-${offset}`;
    if (damagedPlaces.has(place)) return;
    damagedPlaces.add(place);
    const keptAs = join(folder, 'quarantine', `${place}.bytes`);
    // Kept if the disk lets us: the report matters more than the copy.
    await writeFile(keptAs, bytes, { mode: 0o600 }).catch(() => undefined);
    options.onDamage?.({ kind, segment: segment.number, offset, sizeBytes: bytes.length, keptAs });
  }

  const { segments, sequences, tail } = await recover(folder);
  if (tail !== undefined) await damaged('torn-tail', tail.segment, tail.segment.end, tail.bytes);
  for (const [source, last] of options.atLeast ?? []) raise(sequences, source, last);
  let newest = segments.at(-1);
  let highestNumber = newest?.number ?? 0;
  if (newest !== undefined && isUnborn(newest)) {
    await unlink(newest.path);
    segments.pop();
    newest = segments.at(-1);
  }
  let handle: FileHandle;
  if (newest === undefined) {
    const head = { previousEnd: null, sequences: Object.fromEntries(sequences) };
    const made = await createSegment(folder, ++highestNumber, head);
    segments.push(made.segment);
    handle = made.handle;
    newest = made.segment;
  } else handle = await open(newest.path, 'r+');
  let active: Segment = newest;

  let queue: Waiting[] = [];
  let queuedBytes = 0;
  let pumping: Promise<void> | undefined;
  let closed = false;
  let buffer = Buffer.alloc(0);
  let wakes: (() => void)[] = [];

  const sizeBytes = (): number => segments.reduce((sum, { end }) => sum + end, 0);
  function wake(): void {
    const woken = wakes;
    wakes = [];
    for (const go of woken) go();
  }

  /** As a function, so that the type checker does not think it knows better. */
  const idle = (): Promise<void> | undefined => pumping;

  function append(frame: NewFrame): Promise<number> {
    checkFrame(frame);
    if (closed) return Promise.reject(new SpoolClosed());
    if (frame.items.length === 0) return Promise.reject(new RangeError('a frame has at least one item'));
    const bodyBytes = encodedSize(frame);
    if (bodyBytes > maxBodyBytes) return Promise.reject(new FrameTooLarge(bodyBytes, maxBodyBytes));
    const size = bodyBytes + prefixBytes;
    if (sizeBytes() + queuedBytes + size > capBytes) {
      return Promise.reject(new SpoolFull('cap', { sizeBytes: sizeBytes() + queuedBytes, capBytes }));
    }
    return new Promise((resolve, reject) => {
      queue.push({ frame, sizeBytes: size, resolve, reject });
      queuedBytes += size;
      start(pump);
    });
  }

  /** One writer at a time; what was queued meanwhile is written after it. */
  function start(work: () => Promise<void>): void {
    pumping ??= work().finally(() => {
      pumping = undefined;
      if (queue.length > 0) start(pump);
    });
  }

  async function pump(): Promise<void> {
    while (queue.length > 0) {
      const group = takeGroup();
      const groupSize = group.reduce((sum, { sizeBytes: size }) => sum + size, 0);
      try {
        const firsts = await write(group, groupSize);
        for (const [index, waiting] of group.entries()) waiting.resolve(firsts[index] ?? 0);
        wake();
      } catch (cause) {
        const failure = isFull(cause)
          ? new SpoolFull('disk', { sizeBytes: sizeBytes(), capBytes }, cause)
          : cause;
        for (const waiting of group) waiting.reject(failure);
      } finally {
        queuedBytes -= groupSize;
      }
    }
  }

  function takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < queue.length) {
      bytes += queue[count]?.sizeBytes ?? 0;
      if (count > 0 && bytes > groupBytes) break;
      count++;
    }
    const group = queue.slice(0, count);
    queue = queue.slice(count);
    return group;
  }

  /** All of the group is on disk afterwards, or nothing of it. */
  async function write(group: readonly Waiting[], groupSize: number): Promise<number[]> {
    if (active.end + groupSize > segmentBytes && active.end > segmentBytes / 2) await roll();
    if (buffer.length < groupSize) buffer = Buffer.allocUnsafeSlow(Math.max(groupSize, 1024 * 1024));
    const given = new Map<string, number>();
    const firsts: number[] = [];
    let at = 0;
    for (const { frame } of group) {
      const first = (given.get(frame.source) ?? sequences.get(frame.source) ?? 0) + 1;
      given.set(frame.source, first + frame.items.length - 1);
      firsts.push(first);
      const end = encodeFrame(frame, first, buffer, at + prefixBytes);
      writePrefix(buffer, at, active.mark, 'frame', end - at - prefixBytes);
      at = end;
    }
    try {
      await writeAll(handle, buffer, at, active.end);
      await handle.datasync();
    } catch (cause) {
      await handle.truncate(active.end).catch(() => undefined);
      // A failed sync may have dropped pages that a later one would report as good: this file takes no more.
      if (!isFull(cause)) await roll().catch(() => undefined);
      throw cause;
    }
    if (buffer.length > 2 * groupBytes) buffer = Buffer.alloc(0);
    for (const [source, last] of given) sequences.set(source, last);
    active.end += at;
    return firsts;
  }

  async function roll(): Promise<void> {
    const head = { previousEnd: active.end, sequences: Object.fromEntries(sequences) };
    const made = await createSegment(folder, highestNumber + 1, head);
    highestNumber++;
    const previous = handle;
    segments.push(made.segment);
    active = made.segment;
    handle = made.handle;
    await previous.close();
    wake();
  }

  async function release(position: Position): Promise<void> {
    const wholeActive = position.segment === active.number && position.offset >= active.end;
    // Without this a spool whose cap is one large segment would stay full for ever.
    if (wholeActive && active.end > segmentBytes / 2 && pumping === undefined && !closed) {
      start(() => roll().catch(() => undefined));
      await idle();
      return release({ segment: active.number, offset: 0 });
    }
    // While there is room the segment just read stays: after a crash the doors know its ids again.
    const keep = sizeBytes() > capBytes / 4 ? 0 : 1;
    const old = segments.filter(({ number }) => number < Math.min(position.segment, active.number) - keep);
    for (const segment of old) {
      await unlink(segment.path);
      segments.splice(segments.indexOf(segment), 1);
    }
    if (old.length > 0) await syncFolder(folder);
  }

  const shelf: Shelf = {
    segments,
    get closed() {
      return closed;
    },
    grown: (signal) => nextWake(wakes, signal),
    damaged: (segment, at, bytes) => damaged('record', segment, at, bytes),
  };

  return {
    append,
    read: (from, signal, until) => readSegments(shelf, from, signal, until),
    release,
    lastSequence: (source: SourceId) => sequences.get(source) ?? 0,
    get end() {
      return { segment: active.number, offset: active.end };
    },
    get sizeBytes() {
      return sizeBytes();
    },
    capBytes,
    get damages() {
      return damagedPlaces.size;
    },
    async close() {
      if (closed) return;
      closed = true;
      while (pumping !== undefined) await pumping;
      await handle.close();
      wake();
    },
  };
}

function nextWake(wakes: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done, { once: true });
    wakes.push(done);
  });
}

/** ENOSPC and its kin: no room, no quota, no larger file allowed. */
function isFull(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
}
