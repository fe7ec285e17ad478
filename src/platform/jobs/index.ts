/**
 * Work that has to happen at least once, whatever dies in between: put down in the caller's transaction, done by
 * whichever process is free, tried again with growing pauses, kept to be looked at when it was given up.
 * Not here: what the work is. A handler may run twice for one job, so it is written to bear that.
 * INVARIANT: a job is gone only after its handler ended well, or by being given up after `maxAttempts`.
 */
export { type Handler, type Handlers, type JobsDeps, startJobs } from './runner.ts';
export { enqueue, failedJobs, type FailedJob, type NewJob } from './store.ts';
