import { Worker } from 'node:worker_threads';
import type { ImportFormat } from './contract.ts';
import { ImportRefused } from './errors.ts';
import type { FileRead } from './readers/record.ts';

export type Read = FileRead & { readonly format: ImportFormat };
export type Asked = {
  readonly bytes: Uint8Array;
  readonly format: ImportFormat | 'auto';
  readonly source: string | undefined;
  readonly host: string | undefined;
  readonly fileName: string;
};

/** More than the largest file we take needs; a file that needs more is refused and the thread with it. */
const usual = { memoryMiB: 1536, seconds: 120 };

/**
 * Reads the file in a thread of its own, which may use so much memory and time and no more.
 * @throws {ImportRefused} when nothing of it can be taken
 */
export async function readApart(asked: Asked, limits = usual): Promise<Read> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: asked,
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryMiB },
  });
  try {
    const answer = await answered(worker, limits);
    if ('unreadable' in answer) throw new ImportRefused(answer.unreadable);
    return answer.read;
  } finally {
    await worker.terminate();
  }
}

type Answer = { read: Read } | { unreadable: string };

function answered(worker: Worker, limits: typeof usual): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new ImportRefused(`Reading it took more than ${limits.seconds} s.`)),
      limits.seconds * 1000,
    );
    const done = (end: () => void): void => {
      clearTimeout(timer);
      end();
    };
    // Our own worker says nothing else.
    worker.once('message', (answer: Answer) => done(() => resolve(answer)));
    worker.once('error', (error: Error & { code?: string }) =>
      done(() =>
        reject(
          error.code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? new ImportRefused(
                `Reading it takes more than ${limits.memoryMiB} MiB of memory. Split it.`,
                error,
              )
            : error,
        ),
      ),
    );
    worker.once('exit', () => done(() => reject(new ImportRefused('Its reader ended before it was read.'))));
  });
}
