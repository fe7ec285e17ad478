import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import { type Access, isSystem } from '#platform/scope';
import type { System } from './contract.ts';

/** The systems whose internal tenancy the access covers. */
export async function systems(tx: Tx, access: Access): Promise<System[]> {
  const covered = isSystem(access) ? sql`true` : sql`tenancy.id = any(${[...access.tenancies]}::text[])`;
  const { rows } = await sql<System>`
    select environment.id as environment, environment.name, environment.marking, tenancy.id as tenancy
    from community.environment environment
    join community.tenancy tenancy on tenancy.environment_id = environment.id and tenancy.internal
    where ${covered} order by environment.created_at, environment.id`.execute(tx);
  return rows;
}

/** @returns the number of this change */
export async function bumpInput(tx: Tx, environment: string, now: Date): Promise<number> {
  const { rows } = await sql<{ revision: string | number }>`
    insert into governance.input (environment, revision, changed_at) values (${environment}, 1, ${now})
    on conflict (environment) do update set revision = governance.input.revision + 1, changed_at = excluded.changed_at
    returning revision`.execute(tx);
  return Number(rows[0]?.revision ?? 1);
}

export type InputRevision = { readonly revision: number; readonly assessed: number };

export async function inputRevision(tx: Tx, environment: string): Promise<InputRevision> {
  const { rows } = await sql<{ revision: string | number; assessed: string | number }>`
    select revision, assessed_revision as assessed from governance.input where environment = ${environment}`.execute(
    tx,
  );
  return { revision: Number(rows[0]?.revision ?? 0), assessed: Number(rows[0]?.assessed ?? 0) };
}

export async function markAssessed(tx: Tx, environment: string, revision: number, now: Date): Promise<void> {
  await sql`
    update governance.input set assessed_revision = greatest(assessed_revision, ${revision}), assessed_at = ${now}
    where environment = ${environment}`.execute(tx);
}
