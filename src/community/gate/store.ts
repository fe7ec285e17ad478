import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import { type Application, application } from './application.ts';
import { type DecisionEntry, type Face, reasonList } from './entry.ts';

export type StoredParameters = {
  readonly version: number;
  readonly parameters: unknown;
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
};

const parameterColumns = sql.raw('version, parameters, reason, by_name as "by", at');

/** @param version undefined: the newest */
export async function parametersOf(tx: Tx, version?: number): Promise<StoredParameters | undefined> {
  const { rows } = await sql<StoredParameters>`
    select ${parameterColumns} from community.gate_parameters
    where ${version ?? null}::integer is null or version = ${version ?? null}
    order by version desc limit 1`.execute(tx);
  return rows[0];
}

export async function insertParameters(
  tx: Tx,
  one: StoredParameters & { readonly byId: string },
): Promise<void> {
  await sql`
    insert into community.gate_parameters (version, parameters, reason, by_id, by_name, at)
    values (${one.version}, ${JSON.stringify(one.parameters)}::jsonb, ${one.reason}, ${one.byId}, ${one.by}, ${one.at})`.execute(
    tx,
  );
}

export async function applications(tx: Tx): Promise<Application[]> {
  const { rows } = await sql<{ definition: unknown }>`
    select definition from community.gate_application order by id`.execute(tx);
  return rows.map(({ definition }) => application.parse(definition));
}

export async function saveApplication(tx: Tx, one: Application, by: string, at: Date): Promise<void> {
  await sql`
    insert into community.gate_application (id, definition, by_name, at)
    values (${one.id}, ${JSON.stringify(one)}::jsonb, ${by}, ${at})
    on conflict (id) do update set definition = excluded.definition, by_name = excluded.by_name, at = excluded.at`.execute(
    tx,
  );
}

/** @returns whether there was one */
export async function deleteApplication(tx: Tx, id: string): Promise<boolean> {
  const result = await sql`delete from community.gate_application where id = ${id}`.execute(tx);
  return (result.numAffectedRows ?? 0n) > 0n;
}

type DecisionRow = {
  id: string;
  at: Date;
  tenancy_id: string;
  organisation_id: string;
  subject_organisation: string;
  subject_id: string;
  subject_name: string;
  action: string;
  resource_type: string;
  resource_id: string;
  permitted: boolean;
  privileged: boolean;
  face: Face;
  caller_id: string;
  caller_name: string;
  request_id: string;
  policy_version: string;
  facts_hash: string;
  facts: string;
  reasons: unknown;
  to_mend: string[];
};

const columns =
  sql.raw(`id, at, tenancy_id, organisation_id, subject_organisation, subject_id, subject_name, action, resource_type,
  resource_id, permitted, privileged, face, caller_id, caller_name, request_id, policy_version, facts_hash, facts, reasons, to_mend`);

export async function insertDecisions(tx: Tx, entries: readonly DecisionEntry[]): Promise<void> {
  const rows = entries.map(
    (
      one,
    ) => sql`(${one.id}, ${one.at}, ${one.tenancy}, ${one.organisation}, ${one.subjectOrganisation}, ${one.subject},
      ${one.subjectName}, ${one.action}, ${one.resourceType}, ${one.resourceId}, ${one.permitted}, ${one.privileged},
      ${one.face}, ${one.callerId}, ${one.callerName}, ${one.requestId}, ${one.policyVersion}, ${one.factsHash},
      ${one.facts}, ${JSON.stringify(one.reasons)}::jsonb, ${[...one.toMend]}::text[])`,
  );
  await sql`insert into community.decision (${columns}) values ${sql.join(rows)}`.execute(tx);
}

export async function decisionById(tx: Tx, id: string): Promise<DecisionEntry | undefined> {
  const { rows } = await sql<DecisionRow>`select ${columns} from community.decision where id = ${id}`.execute(
    tx,
  );
  return rows.map(fromRow)[0];
}

export type Wanted = {
  /** Tenancies whose decisions may be seen; undefined: all. */
  readonly tenancies: readonly string[] | undefined;
  readonly subject?: string | undefined;
  readonly organisation?: string | undefined;
  readonly action?: string | undefined;
  readonly permitted?: boolean | undefined;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
  /** Older than this one. */
  readonly before?: { readonly at: Date; readonly id: string } | undefined;
  readonly limit: number;
};

/** Newest first. */
export async function decisions(tx: Tx, wanted: Wanted): Promise<DecisionEntry[]> {
  const { tenancies, organisation, subject, action, permitted, from, until, before } = wanted;
  const tests = [
    tenancies && sql`tenancy_id = any(${[...tenancies]}::text[])`,
    organisation && sql`(organisation_id = ${organisation} or subject_organisation = ${organisation})`,
    subject && sql`(subject_id = ${subject} or subject_name = ${subject})`,
    action && sql`action = ${action}`,
    permitted !== undefined && sql`permitted = ${permitted}`,
    from && sql`at >= ${from}`,
    until && sql`at < ${until}`,
    before && sql`(at, id) < (${before.at}, ${before.id})`,
  ].filter((test) => typeof test === 'object');
  const where = tests.length === 0 ? sql`true` : sql.join(tests, sql` and `);
  const { rows } = await sql<DecisionRow>`
    select ${columns} from community.decision where ${where} order by at desc, id desc limit ${wanted.limit}`.execute(
    tx,
  );
  return rows.map(fromRow);
}

const fromRow = (row: DecisionRow): DecisionEntry => ({
  id: row.id,
  at: row.at,
  tenancy: row.tenancy_id,
  organisation: row.organisation_id,
  subjectOrganisation: row.subject_organisation,
  subject: row.subject_id,
  subjectName: row.subject_name,
  action: row.action,
  resourceType: row.resource_type,
  resourceId: row.resource_id,
  permitted: row.permitted,
  privileged: row.privileged,
  face: row.face,
  callerId: row.caller_id,
  callerName: row.caller_name,
  requestId: row.request_id,
  policyVersion: row.policy_version,
  factsHash: row.facts_hash,
  facts: row.facts,
  reasons: reasonList.parse(row.reasons),
  toMend: row.to_mend,
});

export type PermitBatch = {
  readonly id: string;
  readonly fromAt: Date;
  readonly untilAt: Date;
  readonly count: number;
  readonly sha256: string;
  readonly organisations: readonly string[];
  readonly subjects: readonly string[];
  readonly actions: readonly string[];
  readonly body: Buffer;
};

export async function insertBatch(tx: Tx, one: PermitBatch): Promise<void> {
  // As base64: PGlite turns bytes into text one by one, and nobody is answered meanwhile.
  await sql`
    insert into community.permit_batch (id, from_at, until_at, count, sha256, organisations, subjects, actions, body)
    values (${one.id}, ${one.fromAt}, ${one.untilAt}, ${one.count}, ${one.sha256}, ${[...one.organisations]}::text[],
      ${[...one.subjects]}::text[], ${[...one.actions]}::text[], decode(${one.body.toString('base64')}, 'base64'))`.execute(
    tx,
  );
}

/** Batches that may hold what is wanted, newest first; whether they do, their lines tell. */
export async function batches(
  tx: Tx,
  wanted: Omit<Wanted, 'permitted' | 'limit'>,
  limit: number,
): Promise<{ sha256: string; body: Buffer }[]> {
  const { organisation, subject, action, from, until, before } = wanted;
  const tests = [
    organisation && sql`${organisation} = any(organisations)`,
    subject && sql`${subject} = any(subjects)`,
    action && sql`${action} = any(actions)`,
    from && sql`until_at >= ${from}`,
    until && sql`from_at < ${until}`,
    before && sql`from_at <= ${before.at}`,
  ].filter((test) => typeof test === 'object');
  const where = tests.length === 0 ? sql`true` : sql.join(tests, sql` and `);
  const { rows } = await sql<{ sha256: string; body: Buffer }>`
    select sha256, body from community.permit_batch where ${where} order by until_at desc, id desc limit ${limit}`.execute(
    tx,
  );
  return rows;
}

export type StoredRequest = {
  readonly id: string;
  readonly at: Date;
  readonly tenancy: string;
  readonly organisation: string;
  readonly user: string;
  readonly userName: string;
  readonly action: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly gate: string;
  readonly note: string;
  readonly state: 'open' | 'done' | 'refused';
  readonly handledBy: string | null;
  readonly handledAt: Date | null;
};

const requestColumns =
  sql.raw(`id, at, tenancy_id as tenancy, organisation_id as organisation, user_id as "user",
  user_name as "userName", action, resource_type as "resourceType", resource_id as "resourceId", gate, note, state,
  handled_by as "handledBy", handled_at as "handledAt"`);

export async function insertRequest(tx: Tx, one: StoredRequest): Promise<void> {
  await sql`
    insert into community.gate_request (id, at, tenancy_id, organisation_id, user_id, user_name, action, resource_type,
      resource_id, gate, note, state)
    values (${one.id}, ${one.at}, ${one.tenancy}, ${one.organisation}, ${one.user}, ${one.userName}, ${one.action},
      ${one.resourceType}, ${one.resourceId}, ${one.gate}, ${one.note}, ${one.state})`.execute(tx);
}

/** Open ones first. @param see whose: of these tenancies, or this person's own */
export async function requests(
  tx: Tx,
  see: { readonly tenancies: readonly string[] | undefined; readonly user: string },
  limit: number,
): Promise<StoredRequest[]> {
  const { rows } = await sql<StoredRequest>`
    select ${requestColumns} from community.gate_request
    where ${see.tenancies === undefined} or user_id = ${see.user} or tenancy_id = any(${[...(see.tenancies ?? [])]}::text[])
    order by state <> 'open', at desc limit ${limit}`.execute(tx);
  return rows;
}

/** @returns it as it is now; undefined when it was not open, or is not there */
export async function settleRequest(
  tx: Tx,
  id: string,
  by: { readonly state: 'done' | 'refused'; readonly name: string; readonly at: Date },
): Promise<StoredRequest | undefined> {
  const { rows } = await sql<StoredRequest>`
    update community.gate_request set state = ${by.state}, handled_by = ${by.name}, handled_at = ${by.at}
    where id = ${id} and state = 'open' returning ${requestColumns}`.execute(tx);
  return rows[0];
}

export type DecisionCount = {
  readonly tenancy: string;
  readonly action: string;
  readonly permitted: boolean;
  readonly privileged: boolean;
  readonly count: number;
};

/** Denials and privileged permits in [from, until), by what they were about. */
export async function decisionCounts(
  tx: Tx,
  tenancies: readonly string[],
  { from, until }: { readonly from: Date; readonly until: Date },
): Promise<DecisionCount[]> {
  const { rows } = await sql<DecisionCount>`
    select tenancy_id as tenancy, action, permitted, privileged, count(*) as count from community.decision
    where at >= ${from} and at < ${until} and tenancy_id = any(${[...tenancies]}::text[])
    group by 1, 2, 3, 4 order by 1, 2, 3, 4`.execute(tx);
  return rows;
}
