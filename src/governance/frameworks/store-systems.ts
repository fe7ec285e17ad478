import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { SystemControl, Tailored } from './catalogue.ts';
import { asControl, type ControlRow } from './store.ts';

/** What a system is assessed against, of one framework. */
export type Activation = {
  readonly framework: string;
  readonly editionId: string;
  readonly version: string;
  readonly title: string;
  readonly profile: string;
  readonly by: string;
  readonly at: Date;
};

/** The newest activation of each framework; a row without an edition puts the framework aside. */
const active = sql`
  select distinct on (environment, framework) environment, framework, edition_id, profile, by_name, at
  from governance.activation order by environment, framework, number desc`;

export async function activations(tx: Tx, environment: string): Promise<Activation[]> {
  const { rows } = await sql<{
    framework: string;
    edition_id: string;
    version: string;
    title: string;
    profile: string;
    by_name: string;
    at: Date;
  }>`
    select a.framework, a.edition_id, e.version, e.title, a.profile, a.by_name, a.at
    from (${active}) a join governance.edition e on e.id = a.edition_id
    where a.environment = ${environment} order by a.framework = 'ism' desc, a.framework`.execute(tx);
  return rows.map(({ edition_id, by_name, ...row }) => ({ ...row, editionId: edition_id, by: by_name }));
}

export async function insertActivation(
  tx: Tx,
  one: {
    readonly environment: string;
    readonly tenancy: string;
    readonly framework: string;
    readonly edition: string | undefined;
    readonly profile: string | undefined;
    readonly by: { readonly id: string; readonly name: string };
    readonly at: Date;
  },
): Promise<void> {
  await sql`
    insert into governance.activation (environment, tenancy_id, framework, edition_id, profile, by_id, by_name, at)
    values (${one.environment}, ${one.tenancy}, ${one.framework}, ${one.edition ?? null}, ${one.profile ?? null},
      ${one.by.id}, ${one.by.name}, ${one.at})`.execute(tx);
}

export type TailoringChoice = 'include' | 'exclude' | 'as-profile';
export type Tailoring = {
  readonly control: string;
  readonly version: number;
  readonly choice: TailoringChoice;
  readonly state: 'proposed' | 'approved' | 'refused' | 'withdrawn';
  readonly reason: string;
  readonly proposedBy: { readonly id: string; readonly name: string };
  readonly proposedAt: Date;
  readonly by: { readonly id: string; readonly name: string };
  readonly note: string;
  readonly at: Date;
};

/** Every state every tailoring was in, newest first. */
export async function tailoringHistory(tx: Tx, environment: string, control?: string): Promise<Tailoring[]> {
  const one = control === undefined ? sql`true` : sql`control_id = ${control}`;
  const { rows } = await sql<{
    control_id: string;
    version: number;
    choice: TailoringChoice;
    state: Tailoring['state'];
    reason: string;
    proposed_by_id: string;
    proposed_by_name: string;
    proposed_at: Date;
    by_id: string;
    by_name: string;
    note: string;
    at: Date;
  }>`
    select control_id, version, choice, state, reason, proposed_by_id, proposed_by_name, proposed_at, by_id, by_name, note, at
    from governance.tailoring where environment = ${environment} and ${one}
    order by at desc, version desc, control_id`.execute(tx);
  return rows.map((row) => ({
    control: row.control_id,
    version: row.version,
    choice: row.choice,
    state: row.state,
    reason: row.reason,
    proposedBy: { id: row.proposed_by_id, name: row.proposed_by_name },
    proposedAt: row.proposed_at,
    by: { id: row.by_id, name: row.by_name },
    note: row.note,
    at: row.at,
  }));
}

export async function insertTailoring(
  tx: Tx,
  environment: string,
  tenancy: string,
  one: Tailoring,
): Promise<void> {
  await sql`
    insert into governance.tailoring (environment, tenancy_id, control_id, version, choice, state, reason, proposed_by_id,
      proposed_by_name, proposed_at, by_id, by_name, note, at)
    values (${environment}, ${tenancy}, ${one.control}, ${one.version}, ${one.choice}, ${one.state}, ${one.reason},
      ${one.proposedBy.id}, ${one.proposedBy.name}, ${one.proposedAt}, ${one.by.id}, ${one.by.name}, ${one.note},
      ${one.at})`.execute(tx);
}

/** Where tailoring counts: the newest approved choice of each control. */
const approved = sql`
  select distinct on (environment, control_id) environment, control_id, choice, reason, by_name, at
  from governance.tailoring where state = 'approved' order by environment, control_id, version desc`;

/** The profile's controls as rows, for a join: to look into its list for each control takes their product. */
const inSystem = (environment: string) => sql`
  from (${active}) a
  join governance.edition e on e.id = a.edition_id
  join governance.edition_control c on c.edition_id = a.edition_id and c.assessed
  left join (
    select used.framework, unnest(profile.control_ids) as control_id
    from (${active}) used join governance.edition_profile profile
      on profile.edition_id = used.edition_id and profile.profile = used.profile
    where used.environment = ${environment}
  ) p on p.framework = a.framework and p.control_id = c.control_id
  left join (${approved}) t on t.environment = a.environment and t.control_id = c.control_id and t.choice <> 'as-profile'
  where a.environment = ${environment} and (p.control_id is not null or t.choice = 'include')`;

type SystemRow = ControlRow & {
  framework: string;
  version: string;
  choice: TailoringChoice | null;
  reason: string | null;
  by_name: string | null;
  at: Date | null;
};

/** @param guidance false leaves it empty: it is most of the bytes */
export async function systemControls(
  tx: Tx,
  environment: string,
  { guidance, control }: { readonly guidance: boolean; readonly control?: string },
): Promise<SystemControl[]> {
  const one = control === undefined ? sql`true` : sql`c.control_id = ${control}`;
  const { rows } = await sql<SystemRow>`
    select a.framework, e.version, c.control_id, c.assessed, c.label, c.title, c.statement, c.statement_hash,
      ${guidance ? sql`c.guidance` : sql`''`} as guidance, c.path, c.applicability, c.e8_levels, c.revision, c.updated,
      c.sort_id, t.choice, t.reason, t.by_name, t.at
    ${inSystem(environment)} and ${one} order by a.framework = 'ism' desc, a.framework, c.position`.execute(
    tx,
  );
  return rows.map((row) => {
    const tailored: Tailored | undefined =
      row.reason === null || row.by_name === null || row.at === null
        ? undefined
        : { reason: row.reason, approvedBy: row.by_name, at: row.at };
    return {
      ...asControl(row),
      framework: row.framework,
      edition: row.version,
      ...(tailored !== undefined && row.choice === 'include' && { included: tailored }),
      ...(tailored !== undefined && row.choice === 'exclude' && { excluded: tailored }),
    };
  });
}

/** What is needed of each to say how it stands. */
export type ControlKey = {
  readonly id: string;
  readonly framework: string;
  readonly statementHash: string;
  readonly excluded: Tailored | undefined;
};

/** @param only of these controls */
export async function controlKeys(
  tx: Tx,
  environment: string,
  only?: readonly string[],
): Promise<ControlKey[]> {
  const some = only === undefined ? sql`true` : sql`c.control_id = any(${[...only]}::text[])`;
  const { rows } = await sql<
    Pick<SystemRow, 'framework' | 'control_id' | 'statement_hash' | 'choice' | 'reason' | 'by_name' | 'at'>
  >`
    select a.framework, c.control_id, c.statement_hash, t.choice, t.reason, t.by_name, t.at
    ${inSystem(environment)} and ${some} order by a.framework = 'ism' desc, a.framework, c.position`.execute(
    tx,
  );
  return rows.map((row) => ({
    id: row.control_id,
    framework: row.framework,
    statementHash: row.statement_hash,
    excluded:
      row.choice === 'exclude' && row.reason !== null && row.by_name !== null && row.at !== null
        ? { reason: row.reason, approvedBy: row.by_name, at: row.at }
        : undefined,
  }));
}

/** Which system uses which edition. */
export async function usage(
  tx: Tx,
): Promise<{ readonly environment: string; readonly edition: string; readonly profile: string }[]> {
  const { rows } = await sql<{ environment: string; edition: string; profile: string }>`
    select environment, edition_id as edition, profile from (${active}) a where edition_id is not null
    order by environment`.execute(tx);
  return rows;
}
