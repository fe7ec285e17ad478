import { Worker } from 'node:worker_threads';

export type ApartLimits = { readonly memoryMiB: number; readonly seconds: number };
/** What the thread said, or why it said nothing. */
export type ApartEnd =
  | { readonly answer: unknown }
  | { readonly ended: 'time' | 'memory' | 'early'; readonly cause?: Error };

/**
 * Runs a module in a thread of its own and waits for the one message it posts.
 * @param given its `workerData`
 * @throws what the thread threw, other than for want of memory
 */
export async function apart(module: URL, given: unknown, limits: ApartLimits): Promise<ApartEnd> {
  const worker = new Worker(module, {
    workerData: given,
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryMiB },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<ApartEnd>((resolve, reject) => {
      timer = setTimeout(() => resolve({ ended: 'time' }), limits.seconds * 1000);
      worker.once('message', (answer: unknown) => resolve({ answer }));
      worker.once('error', (error: Error & { code?: string }) =>
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? resolve({ ended: 'memory', cause: error })
          : reject(error),
      );
      worker.once('exit', () => resolve({ ended: 'early' }));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
