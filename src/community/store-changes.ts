import { sql } from 'kysely';
import type { Tx } from '#platform/records';

/** Part of `tx`: heard only if it commits. */
export async function say(tx: Tx, channel: string, payload: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(tx);
}
