import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { AnnexGuidance } from './state.ts';

/** The newest of each control. */
export async function guidanceOf(tx: Tx, environment: string): Promise<Map<string, AnnexGuidance>> {
  const { rows } = await sql<AnnexGuidance & { control: string }>`
    select distinct on (control_id) control_id as control, organisation, selecting, technology, implementing
    from governance.annex_guidance where environment = ${environment}
    order by control_id, version desc`.execute(tx);
  return new Map(rows.map(({ control, ...guidance }) => [control, guidance]));
}

export type NewGuidance = {
  readonly environment: string;
  readonly tenancy: string;
  readonly by: { readonly id: string; readonly name: string };
  readonly at: Date;
  readonly rows: readonly { readonly control: string; readonly guidance: AnnexGuidance }[];
};

/** Each as a new version of its control's. One writer at a time: the caller holds the system. */
export async function insertGuidance(
  tx: Tx,
  { environment, tenancy, by, at, rows }: NewGuidance,
): Promise<void> {
  if (rows.length === 0) return;
  const given = JSON.stringify(rows.map(({ control, guidance }) => ({ control, ...guidance })));
  await sql`
    insert into governance.annex_guidance (environment, tenancy_id, control_id, version, organisation, selecting, technology,
      implementing, by_id, by_name, at)
    select ${environment}, ${tenancy}, given.control, coalesce((
        select max(version) from governance.annex_guidance own
        where own.environment = ${environment} and own.control_id = given.control), 0) + 1,
      given.organisation, given.selecting, given.technology, given.implementing, ${by.id}, ${by.name}, ${at}
    from jsonb_to_recordset(${given}::jsonb)
      as given (control text, organisation text, selecting text, technology text, implementing text)`.execute(
    tx,
  );
}
