import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Helpers, Work } from '@ironbark/risk';

/** More than this wait for memory and not for a processor. */
const most = 4;

/** One thread less than there are processors: the one that asks works too. */
export const helpers: Helpers = (work) => {
  for (let i = 1; i < Math.min(most, availableParallelism()); i++) help(work);
};

export function help(workerData: Work): void {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
  // It ends by itself; what it could not do it has said in `progress`.
  worker.on('error', () => undefined);
  worker.unref();
}
