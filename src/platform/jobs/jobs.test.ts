import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { manualClock } from '#platform/clock';
import type { Records } from '#platform/records';
import { createTestRecords } from '#platform/records/testing';
import { systemAccess } from '#platform/scope';
import { enqueue, failedJobs, type Handlers, type NewJob, startJobs } from './index.ts';
import { nextDue, takeJob } from './store.ts';

let records: Records;
beforeAll(async () => {
  records = await createTestRecords();
});
afterAll(() => records.close());

const access = systemAccess('test');
let clock: ReturnType<typeof manualClock>;
let running: { stop(): Promise<void> }[];
beforeEach(() => {
  clock = manualClock('2026-05-01T00:00:00Z');
  running = [];
});
afterEach(async () => {
  for (const runner of running) await runner.stop();
});

const log = { warn: () => undefined, error: () => undefined };
const start = (handlers: Handlers, maxAttempts = 10): { stop(): Promise<void> } => {
  const runner = startJobs({ records, clock, handlers, log, maxAttempts });
  running.push(runner);
  return runner;
};
const put = (job: Partial<NewJob> & { kind: string }): Promise<boolean> =>
  records.transaction(access, (tx) => enqueue(tx, { payload: {}, runAt: clock.now(), ...job }));
const waiting = (kind: string): Promise<Date | null> =>
  records.transaction(access, (tx) => nextDue(tx, [kind]));

test('a job is done once, when it is due, with its payload', async () => {
  const done: unknown[] = [];
  start({ once: async (payload) => void done.push(payload) });
  await put({ kind: 'once', payload: { n: 1 } });
  await put({ kind: 'once', payload: { n: 2 }, runAt: new Date('2026-05-01T01:00:00Z') });
  await expect.poll(() => done).toEqual([{ n: 1 }]);
  clock.advance(3600);
  await put({ kind: 'once', payload: { n: 3 } });
  await expect.poll(() => done).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  await expect.poll(() => waiting('once')).toBe(null);
});

test('a job put down in a transaction that fails never was', async () => {
  const failing = records.transaction(access, async (tx) => {
    await enqueue(tx, { kind: 'never', payload: {}, runAt: clock.now() });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await waiting('never')).toBe(null);
});

test('of one kind and key only one waits', async () => {
  expect(await put({ kind: 'keyed', key: 'a' })).toBe(true);
  expect(await put({ kind: 'keyed', key: 'a' })).toBe(false);
  expect(await put({ kind: 'keyed', key: 'b' })).toBe(true);
});

test('a job that fails is tried again later and later, then given up and kept', async () => {
  let tries = 0;
  start(
    {
      bad: async () => {
        tries++;
        throw new Error(`try ${tries}`);
      },
    },
    3,
  );
  await put({ kind: 'bad' });
  await expect.poll(() => waiting('bad')).toEqual(new Date('2026-05-01T00:00:05Z'));
  clock.advance(5);
  await put({ kind: 'bad', key: 'wake', runAt: new Date('2027-01-01T00:00:00Z') });
  await expect.poll(() => waiting('bad')).toEqual(new Date('2026-05-01T00:00:15Z'));
  clock.advance(10);
  await put({ kind: 'bad', key: 'wake again', runAt: new Date('2027-01-01T00:00:00Z') });
  await expect
    .poll(async () => (await records.transaction(access, failedJobs)).map(({ kind, error }) => [kind, error]))
    .toEqual([['bad', 'try 3']]);
  expect(tries).toBe(3);
});

test('a handler may say when to run again', async () => {
  let runs = 0;
  start({
    clockwork: async () => {
      runs++;
      return new Date(clock.now().getTime() + 60_000);
    },
  });
  await put({ kind: 'clockwork', key: 'only' });
  await expect.poll(() => waiting('clockwork')).toEqual(new Date('2026-05-01T00:01:00Z'));
  expect(runs).toBe(1);
});

test('a job whose runner died is taken by another when its lease ends, not before', async () => {
  await put({ kind: 'orphan' });
  const lease = new Date('2026-05-01T00:01:00Z');
  const take = () =>
    records.transaction(access, (tx) =>
      takeJob(tx, ['orphan'], clock.now(), new Date(clock.now().getTime() + 60_000)),
    );
  expect((await take())?.leasedUntil).toEqual(lease);
  expect(await take()).toBe(undefined);
  clock.set(lease);
  expect(await take()).toMatchObject({ attempts: 2 });
});

test('stopping aborts the running job, waits for it, and leaves it to be done at once by the next', async () => {
  const begun = Promise.withResolvers<void>();
  const runner = start({
    long: (_payload, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error)); // what stop gave
        begun.resolve();
      }),
  });
  await put({ kind: 'long' });
  await begun.promise;
  await runner.stop();
  expect(await waiting('long')).toEqual(clock.now());
});
