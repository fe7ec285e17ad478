import { systemAccess } from '#platform/scope';
import { enqueue, type Handlers, startJobs } from '#platform/jobs';
import type { Core } from './core.ts';

/** Work that comes again and again: done by one of the processes, whichever is free, also after a restart. */
export type Chore = {
  readonly everySeconds: number;
  readonly run: (signal: AbortSignal) => Promise<unknown>;
};

/** Starts the jobs of the system; they end with it. @param chores by the kind of their job */
export async function startChores(
  core: Pick<Core, 'records' | 'clock' | 'log' | 'opened'>,
  chores: Readonly<Record<string, Chore>>,
  once: Handlers = {},
): Promise<void> {
  const { records, clock, log, opened } = core;
  const next = (seconds: number): Date => new Date(clock.now().getTime() + seconds * 1000);
  const recurring = Object.entries(chores).map(([kind, chore]): [string, Handlers[string]] => [
    kind,
    async (_, signal) => {
      await chore.run(signal);
      return next(chore.everySeconds);
    },
  ]);
  await records.transaction(systemAccess('put down the chores'), async (tx) => {
    for (const kind of Object.keys(chores))
      await enqueue(tx, { kind, key: 'recurring', payload: {}, runAt: clock.now() });
  });
  // A chore that fails is tried for as long as it takes: nobody puts it down again.
  const handlers = { ...Object.fromEntries(recurring), ...once };
  const jobs = startJobs({ records, clock, log, handlers, maxAttempts: Number.POSITIVE_INFINITY });
  opened.keep(jobs, (running) => running.stop());
}
