import { Worker } from 'node:worker_threads';

type Done = { readonly events: number; readonly seconds: number; readonly rssMb: number };

/**
 * One worker, then two side by side on the same recorded events: how well detection scales over cores. By each thread's
 * processor time, so that a busy machine does not count: what two take from each other is caches and memory.
 */
export async function runWorkers(bytes: Uint8Array<SharedArrayBuffer>): Promise<void> {
  const one = await together(1, bytes);
  const two = await together(2, bytes);
  const rate = (done: readonly Done[]): number =>
    done.reduce((sum, each) => sum + each.events / each.seconds, 0);
  console.log('\nWorkers on recorded Windows events, all rules');
  console.log(`one: ${Math.round(rate(one)).toLocaleString('en-AU')} events/s`);
  console.log(
    `two: ${Math.round(rate(two)).toLocaleString('en-AU')} events/s, ${(rate(two) / rate(one)).toFixed(2)} times one`,
  );
  console.log(
    `process of two workers and their ${two[0]?.events} events each: ${Math.max(...two.map((done) => done.rssMb)).toFixed(0)} MB resident`,
  );
}

async function together(count: number, bytes: Uint8Array<SharedArrayBuffer>): Promise<Done[]> {
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL('./worker.ts', import.meta.url), { workerData: { bytes } }),
  );
  try {
    await Promise.all(workers.map((worker) => once(worker)));
    const done = workers.map((worker) => once(worker));
    for (const worker of workers) worker.postMessage('go');
    // The worker below posts nothing else.
    return (await Promise.all(done)) as Done[];
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function once(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
