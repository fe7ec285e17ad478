import { sql } from 'kysely';
import type { Tx } from '#platform/records';

export type NewJob = {
  readonly kind: string;
  /** JSON. */
  readonly payload: unknown;
  readonly runAt: Date;
  /** While a job of this kind and key waits or runs, another is not added. */
  readonly key?: string;
};
export type Job = {
  readonly id: number;
  readonly kind: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly leasedUntil: Date;
};
export type FailedJob = {
  readonly id: number;
  readonly kind: string;
  readonly payload: unknown;
  readonly failedAt: Date;
  readonly error: string;
};

/** `Records.onChange` on this channel hears that there is work. */
export const jobsChanged = 'job';

/** @returns false where one of the same key is there already */
export async function enqueue(tx: Tx, { kind, payload, runAt, key }: NewJob): Promise<boolean> {
  const { rows } = await sql`
    insert into platform.job (kind, key, payload, run_at) values (${kind}, ${key ?? null}, ${JSON.stringify(payload)}::jsonb, ${runAt})
    on conflict (kind, key) where key is not null and failed_at is null do nothing returning id`.execute(tx);
  if (rows.length === 0) return false;
  await sql`select pg_notify(${jobsChanged}, ${kind})`.execute(tx);
  return true;
}

/** Takes the job that is due the longest, so that nobody else does before `leasedUntil`. */
export async function takeJob(
  tx: Tx,
  kinds: readonly string[],
  now: Date,
  leasedUntil: Date,
): Promise<Job | undefined> {
  const { rows } = await sql<Job>`
    update platform.job set leased_until = ${leasedUntil}, attempts = attempts + 1
    where id = (
      select id from platform.job
      where kind = any (${[...kinds]}::text[]) and failed_at is null and run_at <= ${now} and (leased_until is null or leased_until <= ${now})
      order by run_at, id limit 1 for update skip locked)
    returning id, kind, payload, attempts, leased_until as "leasedUntil"`.execute(tx);
  return rows[0];
}

/** When there will be work: the earliest time that is due or whose lease ends. */
export async function nextDue(tx: Tx, kinds: readonly string[]): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(greatest(run_at, coalesce(leased_until, run_at))) as at from platform.job
    where kind = any (${[...kinds]}::text[]) and failed_at is null`.execute(tx);
  return rows[0]?.at ?? null;
}

/** The four below change nothing where the lease went to another meanwhile. @returns whether it was still ours */
export const extendLease = (tx: Tx, job: Job, until: Date): Promise<boolean> =>
  ours(tx, job, sql`update platform.job set leased_until = ${until}`);
export const finishJob = (tx: Tx, job: Job): Promise<boolean> => ours(tx, job, sql`delete from platform.job`);
export const runAgain = (tx: Tx, job: Job, at: Date): Promise<boolean> =>
  ours(
    tx,
    job,
    sql`update platform.job set run_at = ${at}, attempts = 0, leased_until = null, last_error = null`,
  );
export const retryJob = (tx: Tx, job: Job, at: Date, error: string): Promise<boolean> =>
  ours(tx, job, sql`update platform.job set run_at = ${at}, leased_until = null, last_error = ${error}`);
export const giveUpJob = (tx: Tx, job: Job, at: Date, error: string): Promise<boolean> =>
  ours(tx, job, sql`update platform.job set failed_at = ${at}, leased_until = null, last_error = ${error}`);

async function ours(tx: Tx, { id, leasedUntil }: Job, change: ReturnType<typeof sql>): Promise<boolean> {
  const { rows } =
    await sql`${change} where id = ${id} and leased_until = ${leasedUntil} returning id`.execute(tx);
  return rows.length === 1;
}

export async function failedJobs(tx: Tx): Promise<FailedJob[]> {
  const { rows } = await sql<FailedJob>`
    select id, kind, payload, failed_at as "failedAt", coalesce(last_error, '') as error from platform.job where failed_at is not null order by failed_at desc, id desc limit 1000`.execute(
    tx,
  );
  return rows;
}
