import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import type { Analyst } from './actor.ts';
import { inScope } from './store.ts';

/** @returns whether this is the first of the hour */
export async function noteRead(
  tx: Tx,
  read: { actor: Analyst; tenancy: string; what: string; hour: Date; at: Date },
): Promise<boolean> {
  const { rows } = await sql<{ first_at: Date }>`
    insert into soc.cross_tenancy_read (tenancy_id, actor_id, actor_name, actor_organisation, hour, what, first_at)
    values (${read.tenancy}, ${read.actor.id}, ${read.actor.name}, ${read.actor.organisation}, ${read.hour}, ${read.what}, ${read.at})
    on conflict do nothing returning first_at`.execute(tx);
  return rows.length > 0;
}

export type ReadRow = {
  tenancy: string;
  actorId: string;
  actorName: string;
  organisation: string;
  what: 'alert' | 'event';
  at: Date;
};

/** Newest first. */
export async function reads(tx: Tx, scope: Scope, limit: number): Promise<ReadRow[]> {
  const { rows } = await sql<ReadRow>`
    select tenancy_id as tenancy, actor_id as "actorId", actor_name as "actorName", actor_organisation as organisation, what, first_at as at
    from soc.cross_tenancy_read where ${inScope(scope)} order by first_at desc, tenancy_id limit ${limit}`.execute(
    tx,
  );
  return rows;
}
