import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { EligibilityBasis, TenancyLife } from './contract.ts';

export type TenancyRecord = {
  readonly id: string;
  readonly organisation: string;
  readonly environment: string;
  readonly marking: string;
  readonly internal: boolean;
  readonly state: TenancyLife;
  readonly since: Date;
  readonly retainedUntil: Date | null;
};

const fromTenancy = sql.raw(`
  select t.id, t.organisation_id as organisation, t.environment_id as environment, e.marking, t.internal, t.state,
    t.state_since as since, t.retained_until as "retainedUntil"
  from community.tenancy t join community.environment e on e.id = t.environment_id`);

/** Where one tenancy stands in its life; undefined when there is none of this id. */
export async function tenancyState(tx: Tx, id: string): Promise<TenancyRecord | undefined> {
  const { rows } = await sql<TenancyRecord>`${fromTenancy} where t.id = ${id}`.execute(tx);
  return rows[0];
}

/** Held against other writers until the transaction ends. */
export async function lockTenancy(tx: Tx, id: string): Promise<TenancyRecord | undefined> {
  const { rows } = await sql<TenancyRecord>`${fromTenancy} where t.id = ${id} for update of t`.execute(tx);
  return rows[0];
}

/** @param organisation undefined: of the whole community */
export async function tenancyStates(tx: Tx, organisation: string | undefined): Promise<TenancyRecord[]> {
  const { rows } = await sql<TenancyRecord>`
    ${fromTenancy} where ${organisation ?? null}::text is null or t.organisation_id = ${organisation ?? null}
    order by t.organisation_id, t.created_at, t.id`.execute(tx);
  return rows;
}

export type OrganisationRecord = {
  readonly id: string;
  readonly name: string;
  readonly kind: 'provider' | 'customer' | 'partner';
  readonly abn: string | null;
  readonly basis: EligibilityBasis | null;
  readonly basisEvidence: string | null;
  readonly reviewedAt: Date | null;
};

const fromOrganisation = sql.raw(`
  select id, name, kind, abn, eligibility as basis, eligibility_evidence as "basisEvidence",
    eligibility_reviewed_at as "reviewedAt" from community.organisation`);

export async function organisationById(tx: Tx, id: string): Promise<OrganisationRecord | undefined> {
  const { rows } = await sql<OrganisationRecord>`${fromOrganisation} where id = ${id}`.execute(tx);
  return rows[0];
}

/** @param id undefined: the whole community */
export async function organisationRecords(tx: Tx, id: string | undefined): Promise<OrganisationRecord[]> {
  const { rows } = await sql<OrganisationRecord>`
    ${fromOrganisation} where ${id ?? null}::text is null or id = ${id ?? null}
    order by kind <> 'provider', lower(name), id`.execute(tx);
  return rows;
}

/** An organisation with where it stands in each environment. */
export async function organisationState(
  tx: Tx,
  id: string,
): Promise<(OrganisationRecord & { readonly tenancies: readonly TenancyRecord[] }) | undefined> {
  const found = await organisationById(tx, id);
  return found && { ...found, tenancies: await tenancyStates(tx, id) };
}
