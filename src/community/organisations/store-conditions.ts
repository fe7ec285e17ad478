import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { ConditionView } from './contract.ts';

/** What has to be there before a tenancy is serviced: data of the provider. */
export type Condition = {
  readonly id: string;
  readonly name: string;
  readonly about: string;
  readonly metBy: ConditionView['metBy'];
  /** Of the environments it is asked in; empty: in all. */
  readonly markings: readonly string[];
};

export async function askedConditions(tx: Tx): Promise<Condition[]> {
  const { rows } = await sql<Condition>`
    select id, name, about, met_by as "metBy", markings from community.condition where asked order by id`.execute(
    tx,
  );
  return rows;
}

export type Evidence = {
  readonly tenancy: string;
  readonly condition: string;
  readonly evidence: string;
  readonly by: string;
  readonly at: Date;
};

/** @param tenancies undefined: all */
export async function evidenceOf(tx: Tx, tenancies?: readonly string[]): Promise<Evidence[]> {
  const only = tenancies === undefined ? sql`true` : sql`tenancy_id = any(${[...tenancies]}::text[])`;
  const { rows } = await sql<Evidence>`
    select tenancy_id as tenancy, condition_id as condition, evidence, by_name as by, at
    from community.condition_evidence where ${only}`.execute(tx);
  return rows;
}

export async function saveEvidence(
  tx: Tx,
  one: Omit<Evidence, 'by'> & { readonly by: { readonly id: string; readonly name: string } },
): Promise<void> {
  await sql`
    insert into community.condition_evidence (tenancy_id, condition_id, evidence, by_id, by_name, at)
    values (${one.tenancy}, ${one.condition}, ${one.evidence}, ${one.by.id}, ${one.by.name}, ${one.at})
    on conflict (tenancy_id, condition_id) do update
      set evidence = excluded.evidence, by_id = excluded.by_id, by_name = excluded.by_name, at = excluded.at`.execute(
    tx,
  );
}

/** Who comes back commences anew. The ledger keeps what was shown the time before. */
export async function dropEvidence(tx: Tx, tenancy: string): Promise<void> {
  await sql`delete from community.condition_evidence where tenancy_id = ${tenancy}`.execute(tx);
}
