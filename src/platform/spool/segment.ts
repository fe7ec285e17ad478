import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { prefixBytes, writePrefix } from './record.ts';

/** A segment file as this process knows it. */
export type Segment = {
  readonly number: number;
  readonly path: string;
  readonly mark: Buffer;
  /** Where the last acknowledged record ends; bytes behind it are nothing. */
  end: number;
};

/** First record of every segment: what must outlive the segments before it. */
export type Head = {
  /** `end` of the segment before, which its file may exceed after a failed write; null for the first. */
  readonly previousEnd: number | null;
  /** Last sequence given to each source before this segment. */
  readonly sequences: Readonly<Record<string, number>>;
};

const namePattern = /^(\d{10})-([0-9a-f]{16})\.segment$/;

/** In order of their numbers; `end` is the file's size. */
export async function listSegments(folder: string): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const [, number, mark] = namePattern.exec(name) ?? [];
    if (number === undefined || mark === undefined) continue;
    const path = join(folder, name);
    const handle = await open(path, 'r');
    try {
      segments.push({
        number: Number(number),
        path,
        mark: Buffer.from(mark, 'hex'),
        end: (await handle.stat()).size,
      });
    } finally {
      await handle.close();
    }
  }
  return segments;
}

/** A new file with its head, on disk with its folder entry before it is used; nothing is left of it when that fails. */
export async function createSegment(
  folder: string,
  number: number,
  head: Head,
): Promise<{ segment: Segment; handle: FileHandle }> {
  const mark = randomBytes(8);
  const path = join(folder, `${String(number).padStart(10, '0')}-${mark.toString('hex')}.segment`);
  const body = Buffer.from(JSON.stringify(head));
  const record = Buffer.alloc(prefixBytes + body.length);
  body.copy(record, prefixBytes);
  writePrefix(record, 0, mark, 'head', body.length);
  const handle = await open(path, 'wx+', 0o600);
  try {
    await writeAll(handle, record, record.length, 0);
    await handle.datasync();
    await syncFolder(folder);
  } catch (cause) {
    await handle.close();
    await unlink(path);
    throw cause;
  }
  return { segment: { number, path, mark, end: record.length }, handle };
}

/** @throws the system's error when not all of it could be written; how much was is then unknown */
export async function writeAll(
  handle: FileHandle,
  bytes: Buffer,
  length: number,
  position: number,
): Promise<void> {
  let done = 0;
  while (done < length) {
    const { bytesWritten } = await handle.write(bytes, done, length - done, position + done);
    done += bytesWritten;
  }
}

/** So that a new or deleted file name survives power loss. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Undefined for bytes that are no head: hostile or damaged ones must not stop a start. */
export function parseHead(body: Buffer): Head | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    if (typeof parsed !== 'object' || parsed === null || !('sequences' in parsed)) return undefined;
    const { sequences } = parsed;
    if (typeof sequences !== 'object' || sequences === null) return undefined;
    const numbers: Record<string, number> = {};
    for (const [source, last] of Object.entries(sequences))
      if (Number.isSafeInteger(last)) numbers[source] = Number(last);
    const previousEnd =
      'previousEnd' in parsed && Number.isSafeInteger(parsed.previousEnd) ? Number(parsed.previousEnd) : null;
    return { previousEnd, sequences: numbers };
  } catch {
    return undefined;
  }
}
