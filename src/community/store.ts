import type { Tx } from '#platform/records';
import type { Environment, Organisation } from './contract.ts';

type EnvironmentTable = Environment & { created_at: Date };
type OrganisationTable = Organisation & { demo: boolean; created_at: Date };
type TenancyTable = {
  id: string;
  organisation_id: string;
  environment_id: string;
  internal: boolean;
  state: 'invited' | 'active';
  state_since: Date;
  created_at: Date;
};

const tables = (tx: Tx) =>
  tx.withTables<{
    'community.environment': EnvironmentTable;
    'community.organisation': OrganisationTable;
    'community.tenancy': TenancyTable;
  }>();

export type StoredOrganisation = Organisation & { readonly demo: boolean };
export type StoredTenancy = {
  readonly id: string;
  readonly organisation: string;
  readonly environment: string;
  readonly internal: boolean;
};

export const environments = (tx: Tx): Promise<Environment[]> =>
  tables(tx)
    .selectFrom('community.environment')
    .select(['id', 'name', 'marking'])
    .orderBy('created_at')
    .orderBy('id')
    .execute();

export const organisations = (tx: Tx): Promise<StoredOrganisation[]> =>
  tables(tx)
    .selectFrom('community.organisation')
    .select(['id', 'name', 'kind', 'demo'])
    .orderBy('created_at')
    .orderBy('id')
    .execute();

export const tenancies = (tx: Tx): Promise<StoredTenancy[]> =>
  tables(tx)
    .selectFrom('community.tenancy')
    .select(['id', 'organisation_id as organisation', 'environment_id as environment', 'internal'])
    .orderBy('created_at')
    .orderBy('id')
    .execute();

/** @returns false when the id is taken; so for the other two */
export async function insertEnvironment(tx: Tx, environment: Environment, now: Date): Promise<boolean> {
  const result = await tables(tx)
    .insertInto('community.environment')
    .values({ ...environment, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return wrote(result);
}

export async function insertOrganisation(
  tx: Tx,
  organisation: StoredOrganisation,
  now: Date,
): Promise<boolean> {
  const result = await tables(tx)
    .insertInto('community.organisation')
    .values({ ...organisation, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return wrote(result);
}

export async function insertTenancy(tx: Tx, tenancy: StoredTenancy, now: Date): Promise<boolean> {
  const result = await tables(tx)
    .insertInto('community.tenancy')
    .values({
      id: tenancy.id,
      organisation_id: tenancy.organisation,
      environment_id: tenancy.environment,
      internal: tenancy.internal,
      // Where a tenancy's life begins; how it goes on is organisations' to say.
      state: tenancy.internal ? 'active' : 'invited',
      state_since: now,
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return wrote(result);
}

const wrote = (result: { numInsertedOrUpdatedRows?: bigint | undefined }): boolean =>
  (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
