import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

export type Input = {
  /** As the caller named it; `-` is standard input. */
  readonly name: string;
  readonly kind: 'text' | 'evtx';
  /** 0 where nobody can say. */
  readonly sizeBytes: number;
  /** Tells how many bytes of the file itself were read, before unpacking. */
  readonly read: (progress: (bytes: number) => void) => AsyncIterable<Buffer>;
};

const taken = /\.(json|jsonl|ndjson|log|txt|evtx)(\.gz)?$/i;

/** Files as they are named, folders by their files with a known ending; sorted, so that two runs are alike. */
export async function findInputs(paths: readonly string[], stdin: NodeJS.ReadableStream): Promise<Input[]> {
  const inputs: Input[] = [];
  for (const path of paths) {
    if (path === '-')
      inputs.push({
        name: '-',
        kind: 'text',
        sizeBytes: 0,
        read: (progress) => stdinChunks(stdin, progress),
      });
    else if ((await stat(path)).isDirectory()) {
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      const files = entries
        .filter((entry) => entry.isFile() && taken.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name));
      for (const file of files.sort()) inputs.push(await fileInput(file));
    } else inputs.push(await fileInput(path));
  }
  return inputs;
}

async function fileInput(path: string): Promise<Input> {
  const { size } = await stat(path);
  const magic = await firstBytes(path, 8);
  const packed = magic[0] === 0x1f && magic[1] === 0x8b;
  const kind = magic.toString('latin1') === 'ElfFile\0' ? 'evtx' : 'text';
  return { name: path, kind, sizeBytes: size, read: (progress) => fileChunks(path, packed, progress) };
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function* fileChunks(
  path: string,
  packed: boolean,
  progress: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  file.on('data', (chunk) => progress(chunk.length));
  if (!packed) {
    yield* buffers(file);
    return;
  }
  const gunzip = createGunzip({ chunkSize: 1 << 20 });
  file.on('error', (error) => gunzip.destroy(error));
  yield* buffers(file.pipe(gunzip));
}

async function* stdinChunks(
  stdin: NodeJS.ReadableStream,
  progress: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of stdin) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    progress(bytes.length);
    yield bytes;
  }
}

async function* buffers(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield chunk as Buffer; // A stream without encoding gives Buffers.
}
