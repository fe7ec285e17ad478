import type { Clock } from '#platform/clock';
import type { Records } from '#platform/records';
import { systemAccess } from '#platform/scope';
import {
  extendLease,
  finishJob,
  giveUpJob,
  type Job,
  jobsChanged,
  nextDue,
  retryJob,
  runAgain,
  takeJob,
} from './store.ts';

/**
 * Does one job. `signal` aborts when the runner stops or the lease was lost.
 * @returns when to do it again (a recurring job), or nothing when it is done
 */
export type Handler = (payload: unknown, signal: AbortSignal) => Promise<Date | void>;
export type Handlers = Readonly<Record<string, Handler>>;

export type JobsDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly handlers: Handlers;
  readonly log: { warn(facts: object, message: string): void; error(facts: object, message: string): void };
  readonly maxAttempts?: number;
  readonly leaseSeconds?: number;
};

const access = systemAccess('jobs');
const firstPauseSeconds = 5;
const longestPauseSeconds = 3600;
/** Also how long a change of the clock may go unnoticed. */
const longestWaitSeconds = 5;

/**
 * Does the jobs that there are handlers for, one at a time, until `stop`.
 * @returns stop: lets the running job end (its signal is aborted) and resolves
 */
export function startJobs(deps: JobsDeps): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const ended = run(deps, stopping.signal);
  return {
    stop: () => {
      stopping.abort(new Error('Jobs are being stopped.'));
      return ended;
    },
  };
}

async function run(deps: JobsDeps, signal: AbortSignal): Promise<void> {
  const { records, clock, handlers, log, leaseSeconds = 60 } = deps;
  const kinds = Object.keys(handlers);
  let wake: () => void = () => undefined;
  signal.addEventListener('abort', () => wake(), { once: true });
  const unlisten = await records.onChange(jobsChanged, () => wake());
  while (!signal.aborted) {
    // Made before looking: work that comes while we look wakes us too.
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    try {
      const now = clock.now();
      const job = await records.transaction(access, (tx) =>
        takeJob(tx, kinds, now, after(now, leaseSeconds)),
      );
      if (job !== undefined) {
        await doJob(deps, job, leaseSeconds, signal);
        continue;
      }
      const due = await records.transaction(access, (tx) => nextDue(tx, kinds));
      const seconds = due === null ? longestWaitSeconds : (due.getTime() - clock.now().getTime()) / 1000;
      await either(woken, Math.min(Math.max(seconds, 0.01), longestWaitSeconds));
    } catch (error) {
      log.warn({ err: error }, 'jobs can not be looked at');
      await either(woken, longestWaitSeconds);
    }
  }
  await unlisten();
}

async function doJob(deps: JobsDeps, taken: Job, leaseSeconds: number, signal: AbortSignal): Promise<void> {
  const { records, clock, handlers, log, maxAttempts = 10 } = deps;
  let job = taken;
  const lost = new AbortController();
  const extend = async (): Promise<void> => {
    const until = after(clock.now(), leaseSeconds);
    if (await records.transaction(access, (tx) => extendLease(tx, job, until)))
      job = { ...job, leasedUntil: until };
    else lost.abort(new Error('The lease of the job was lost.'));
  };
  // One at a time, and waited for before the end is written: the lease is the key to the row.
  let extending: Promise<void> = Promise.resolve();
  const timer = setInterval(
    () => {
      extending = extending.then(extend).catch((error: unknown) => lost.abort(error));
    },
    (leaseSeconds * 1000) / 3,
  );
  const settle = async (end: (job: Job) => Promise<unknown>): Promise<void> => {
    clearInterval(timer);
    await extending;
    await end(job);
  };
  try {
    const again = await handlers[job.kind]?.(job.payload, AbortSignal.any([signal, lost.signal]));
    await settle((mine) =>
      records.transaction(access, (tx) =>
        again instanceof Date ? runAgain(tx, mine, again) : finishJob(tx, mine),
      ),
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const now = clock.now();
    const last = job.attempts >= maxAttempts && !signal.aborted;
    log[last ? 'error' : 'warn'](
      { err: error, jobId: job.id, kind: job.kind, attempts: job.attempts },
      last ? 'job given up' : 'job failed, will be tried again',
    );
    const pause = Math.min(firstPauseSeconds * 2 ** (job.attempts - 1), longestPauseSeconds);
    await settle((mine) =>
      records.transaction(access, (tx) =>
        last
          ? giveUpJob(tx, mine, now, why)
          : retryJob(tx, mine, signal.aborted ? now : after(now, pause), why),
      ),
    );
  }
}

const after = (from: Date, seconds: number): Date => new Date(from.getTime() + seconds * 1000);

function either(woken: Promise<void>, seconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    void woken.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
