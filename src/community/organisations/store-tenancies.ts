import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { EligibilityBasis, TenancyLife } from './contract.ts';

export async function moveTenancy(
  tx: Tx,
  id: string,
  to: { readonly state: TenancyLife; readonly since: Date; readonly retainedUntil: Date | null },
): Promise<void> {
  await sql`update community.tenancy set state = ${to.state}, state_since = ${to.since},
    retained_until = ${to.retainedUntil} where id = ${id}`.execute(tx);
}

export type TenancyChange = {
  readonly tenancy: string;
  readonly from: TenancyLife;
  readonly to: TenancyLife;
  readonly reason: string;
  readonly by: { readonly id: string; readonly name: string };
  readonly at: Date;
};

export async function insertTenancyChange(tx: Tx, change: TenancyChange): Promise<void> {
  await sql`
    insert into community.tenancy_change (tenancy_id, number, from_state, to_state, reason, by_id, by_name, at)
    select ${change.tenancy}, coalesce(max(number), 0) + 1, ${change.from}, ${change.to}, ${change.reason},
      ${change.by.id}, ${change.by.name}, ${change.at}::timestamptz
    from community.tenancy_change where tenancy_id = ${change.tenancy}`.execute(tx);
}

/** Newest first. */
export async function tenancyChanges(tx: Tx, tenancies: readonly string[]): Promise<TenancyChange[]> {
  const { rows } = await sql<Omit<TenancyChange, 'by'> & { by_id: string; by_name: string }>`
    select tenancy_id as tenancy, from_state as from, to_state as to, reason, by_id, by_name, at
    from community.tenancy_change where tenancy_id = any(${[...tenancies]}::text[])
    order by at desc, number desc limit 500`.execute(tx);
  return rows.map(({ by_id, by_name, ...row }) => ({ ...row, by: { id: by_id, name: by_name } }));
}

export async function updateEligibility(
  tx: Tx,
  id: string,
  set: {
    readonly basis: EligibilityBasis;
    readonly evidence: string;
    readonly at: Date;
    readonly by: string;
  },
): Promise<void> {
  await sql`
    update community.organisation set eligibility = ${set.basis}, eligibility_evidence = ${set.evidence},
      eligibility_reviewed_at = ${set.at}, eligibility_reviewed_by = ${set.by} where id = ${id}`.execute(tx);
}

export async function updateAbn(tx: Tx, id: string, abn: string | null): Promise<void> {
  await sql`update community.organisation set abn = ${abn} where id = ${id}`.execute(tx);
}

export type Service = {
  readonly id: string;
  readonly name: string;
  readonly about: string;
  readonly offered: boolean;
};

export async function services(tx: Tx): Promise<Service[]> {
  const { rows } = await sql<Service>`
    select id, name, about, offered from community.service order by offered desc, name`.execute(tx);
  return rows;
}

export async function saveService(tx: Tx, { id, name, about, offered }: Service): Promise<void> {
  await sql`
    insert into community.service (id, name, about, offered) values (${id}, ${name}, ${about}, ${offered})
    on conflict (id) do update set name = excluded.name, about = excluded.about, offered = excluded.offered`.execute(
    tx,
  );
}

/** Ids of services, by tenancy. @param tenancies undefined: all */
export async function consumedServices(
  tx: Tx,
  tenancies?: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const only = tenancies === undefined ? sql`true` : sql`tenancy_id = any(${[...tenancies]}::text[])`;
  const { rows } = await sql<{ tenancy_id: string; ids: string[] }>`
    select tenancy_id, array_agg(service_id order by service_id) as ids from community.tenancy_service
    where ${only} group by 1`.execute(tx);
  return new Map(rows.map(({ tenancy_id, ids }) => [tenancy_id, ids]));
}

/** What was consumed before and still is keeps its date. */
export async function setConsumed(tx: Tx, tenancy: string, ids: readonly string[], now: Date): Promise<void> {
  await sql`delete from community.tenancy_service
    where tenancy_id = ${tenancy} and not service_id = any(${[...ids]}::text[])`.execute(tx);
  await sql`insert into community.tenancy_service (tenancy_id, service_id, since)
    select ${tenancy}, id, ${now}::timestamptz from unnest(${[...ids]}::text[]) as id on conflict do nothing`.execute(
    tx,
  );
}
