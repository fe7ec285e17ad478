import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import type { AlertChange, AlertFilter, AlertSummary, Entity, ReasonLine, Severity } from './contract.ts';
import type { Standing } from './decide.ts';
import type { RuleFacts } from './detection.ts';
import { type AlertCursor, type FilterUser, filterCondition } from './store-filter.ts';

/** A row of soc.alert without what only the detail shows. */
type AlertRow = {
  id: string;
  tenancy_id: string;
  rule_id: string;
  title: string;
  severity: Severity;
  state: AlertSummary['state'];
  escalated: boolean;
  origin: AlertSummary['origin'];
  author: string;
  attack: string[];
  entities: Entity[];
  group_key: string;
  detections: number;
  suppressed: number;
  first_event_at: Date;
  last_event_at: Date;
  created_at: Date;
  assignee_id: string | null;
  assignee_name: string | null;
  outcome: AlertSummary['outcome'];
  close_reason: string | null;
  closed_at: Date | null;
  closed_by: string | null;
  demo: boolean;
  revision: number;
  change_number: number;
  untouched: boolean;
};

export type StoredAlert = {
  readonly summary: AlertSummary;
  readonly groupKey: string;
  readonly suppressed: number;
  readonly standing: Standing;
  readonly changeNumber: number;
  /** Nothing has happened to it since it was opened. */
  readonly untouched: boolean;
};

const columns =
  sql.raw(`id, tenancy_id, rule_id, title, severity, state, escalated, origin, rule->>'author' as author,
  attack, entities, group_key, detections, suppressed, first_event_at, last_event_at, created_at, assignee_id, assignee_name,
  outcome, close_reason, closed_at, closed_by, demo, revision, change_number, change_number = opened_number as untouched`);

/** First wall; row-level security is the second. */
export const inScope = (scope: Scope): RawBuilder<boolean> =>
  sql`tenancy_id = any(${[...scope.tenancies]}::text[])`;

export async function page(
  tx: Tx,
  scope: Scope,
  filter: AlertFilter,
  user: FilterUser,
  options: { after: AlertCursor | undefined; limit: number },
): Promise<StoredAlert[]> {
  const { after, limit } = options;
  const before = after === undefined ? sql`true` : sql`(created_at, id) < (${after.createdAt}, ${after.id})`;
  const { rows } = await sql<AlertRow>`
    select ${columns} from soc.alert
    where ${inScope(scope)} and ${filterCondition(filter, user)} and ${before}
    order by created_at desc, id desc limit ${limit}`.execute(tx);
  return rows.map(storedAlert);
}

export async function countBySeverity(
  tx: Tx,
  scope: Scope,
  filter: AlertFilter,
  user: FilterUser,
): Promise<Map<Severity, number>> {
  const { rows } = await sql<{ severity: Severity; alerts: number }>`
    select severity, count(*)::int as alerts from soc.alert
    where ${inScope(scope)} and ${filterCondition(filter, user)} group by severity`.execute(tx);
  return new Map(rows.map((row) => [row.severity, row.alerts]));
}

/** @returns alerts per bucket (0 is the one that starts at `from`) and severity; empty ones are left out */
export async function countOverTime(
  tx: Tx,
  scope: Scope,
  filter: AlertFilter,
  user: FilterUser,
  from: Date,
  stepSeconds: number,
): Promise<{ bucket: number; severity: Severity; alerts: number }[]> {
  const { rows } = await sql<{ bucket: number; severity: Severity; alerts: number }>`
    select floor(extract(epoch from created_at - ${from}::timestamptz) / ${stepSeconds}::float8)::int as bucket, severity, count(*)::int as alerts
    from soc.alert where ${inScope(scope)} and ${filterCondition(filter, user)} group by 1, 2`.execute(tx);
  return rows;
}

export async function find(
  tx: Tx,
  scope: Scope,
  id: string,
): Promise<(StoredAlert & { rule: RuleFacts }) | undefined> {
  const { rows } = await sql<AlertRow & { rule: RuleFacts }>`
    select ${columns}, rule from soc.alert where ${inScope(scope)} and id = ${id}`.execute(tx);
  const row = rows[0];
  return row && { ...storedAlert(row), rule: row.rule };
}

/** Locks what it finds until the transaction ends. @returns in no order */
export async function lockByIds(tx: Tx, scope: Scope, ids: readonly string[]): Promise<StoredAlert[]> {
  const { rows } = await sql<AlertRow>`
    select ${columns} from soc.alert where ${inScope(scope)} and id = any(${[...ids]}::text[]) order by id for update`.execute(
    tx,
  );
  return rows.map(storedAlert);
}

/** Locks at most `limit` alerts that match. */
export async function lockMatching(
  tx: Tx,
  scope: Scope,
  filter: AlertFilter,
  user: FilterUser,
  limit: number,
): Promise<StoredAlert[]> {
  const { rows } = await sql<AlertRow>`
    select ${columns} from soc.alert where ${inScope(scope)} and ${filterCondition(filter, user)}
    order by id limit ${limit} for update`.execute(tx);
  return rows.map(storedAlert);
}

/** Alerts that changed, of every tenancy: for the hub that hands each stream only its own. */
export async function changedBetween(
  tx: Tx,
  low: number,
  high: number,
  limit: number,
): Promise<StoredAlert[]> {
  const { rows } = await sql<AlertRow>`
    select ${columns} from soc.alert where change_number between ${low} and ${high} order by change_number limit ${limit}`.execute(
    tx,
  );
  return rows.map(storedAlert);
}

export async function changedSince(
  tx: Tx,
  scope: Scope,
  after: number,
  limit: number,
): Promise<StoredAlert[]> {
  const { rows } = await sql<AlertRow>`
    select ${columns} from soc.alert where ${inScope(scope)} and change_number > ${after} order by change_number limit ${limit}`.execute(
    tx,
  );
  return rows.map(storedAlert);
}

export type SampleRow = {
  id: string;
  ruleId: string;
  ruleVersion: string;
  eventAt: Date;
  eventUids: string[];
  reasons: ReasonLine[];
  event: string;
};
export async function sample(tx: Tx, scope: Scope, alertId: string, limit: number): Promise<SampleRow[]> {
  const { rows } = await sql<SampleRow>`
    select id, rule_id as "ruleId", rule_version as "ruleVersion", event_at as "eventAt", event_uids as "eventUids", reasons, event
    from soc.detection where ${inScope(scope)} and alert_id = ${alertId} order by event_at, id limit ${limit}`.execute(
    tx,
  );
  return rows;
}

type ChangeRow = {
  at: Date;
  actor_id: string;
  actor_name: string;
  action: AlertChange['action'];
  note: string | null;
  outcome: AlertChange['outcome'];
};
export async function history(tx: Tx, scope: Scope, alertId: string): Promise<AlertChange[]> {
  const { rows } = await sql<ChangeRow>`
    select at, actor_id, actor_name, action, note, outcome from soc.alert_change
    where ${inScope(scope)} and alert_id = ${alertId} order by id limit 1000`.execute(tx);
  return rows.map((row) => ({
    at: row.at.toISOString(),
    actor: { id: row.actor_id, name: row.actor_name },
    action: row.action,
    note: row.note,
    outcome: row.outcome,
  }));
}

export type EarlierDecision = {
  alertId: string;
  closedAt: Date;
  outcome: NonNullable<AlertSummary['outcome']>;
  reason: string;
  by: string;
};
export async function decidedBefore(
  tx: Tx,
  scope: Scope,
  alert: StoredAlert,
  limit: number,
): Promise<EarlierDecision[]> {
  const { tenancy, ruleId, id } = alert.summary;
  const { rows } = await sql<EarlierDecision>`
    select id as "alertId", closed_at as "closedAt", outcome, close_reason as reason, closed_by as by from soc.alert
    where ${inScope(scope)} and tenancy_id = ${tenancy} and rule_id = ${ruleId} and group_key = ${alert.groupKey}
      and state = 'closed' and id <> ${id}
    order by closed_at desc limit ${limit}`.execute(tx);
  return rows;
}

/** @returns the change numbers given, lowest and highest */
export async function saveStandings(
  tx: Tx,
  changed: readonly { id: string; standing: Standing }[],
): Promise<{ low: number; high: number }> {
  const rows = changed.map(({ id, standing }) => ({
    id,
    state: standing.state,
    escalated: standing.escalated,
    assignee_id: standing.assignee?.id ?? null,
    assignee_name: standing.assignee?.name ?? null,
    outcome: standing.closed?.outcome ?? null,
    close_reason: standing.closed?.reason ?? null,
    closed_at: standing.closed?.at.toISOString() ?? null,
    closed_by: standing.closed?.by ?? null,
  }));
  const saved = await sql<{ low: number; high: number }>`
    with changed as (
      update soc.alert a set state = c.state, escalated = c.escalated, assignee_id = c.assignee_id, assignee_name = c.assignee_name,
        outcome = c.outcome, close_reason = c.close_reason, closed_at = c.closed_at, closed_by = c.closed_by,
        revision = a.revision + 1, change_number = nextval('soc.alert_change_number')
      from jsonb_to_recordset(${json(rows)}::jsonb) as c(id text, state text, escalated boolean, assignee_id text,
        assignee_name text, outcome text, close_reason text, closed_at timestamptz, closed_by text)
      where a.id = c.id returning a.change_number
    ) select min(change_number) as low, max(change_number) as high from changed`.execute(tx);
  return saved.rows[0] ?? { low: 0, high: 0 };
}

export type NewChange = {
  alertId: string;
  tenancy: string;
  at: Date;
  actor: { id: string; name: string };
} & Pick<AlertChange, 'action' | 'note' | 'outcome'>;
export async function addChanges(tx: Tx, changes: readonly NewChange[]): Promise<void> {
  const rows = changes.map((change) => ({
    ...change,
    actor_id: change.actor.id,
    actor_name: change.actor.name,
    alert_id: change.alertId,
  }));
  await sql`
    insert into soc.alert_change (tenancy_id, alert_id, at, actor_id, actor_name, action, note, outcome)
    select tenancy, alert_id, at, actor_id, actor_name, action, note, outcome
    from jsonb_to_recordset(${json(rows)}::jsonb) as c(tenancy text, alert_id text, at timestamptz, actor_id text,
      actor_name text, action text, note text, outcome text)`.execute(tx);
}

/** Text that any producer may have written goes through here: jsonb refuses NUL and half surrogates. */
export const json = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? part.toWellFormed().replaceAll('\0', '\uFFFD') : part,
  );

function storedAlert(row: AlertRow): StoredAlert {
  const assignee =
    row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? row.assignee_id };
  return {
    groupKey: row.group_key,
    suppressed: row.suppressed,
    changeNumber: row.change_number,
    untouched: row.untouched,
    standing: {
      state: row.state,
      escalated: row.escalated,
      assignee,
      closed:
        row.outcome === null || row.closed_at === null
          ? null
          : {
              outcome: row.outcome,
              reason: row.close_reason ?? '',
              at: row.closed_at,
              by: row.closed_by ?? '',
            },
    },
    summary: {
      id: row.id,
      tenancy: row.tenancy_id,
      title: row.title,
      severity: row.severity,
      state: row.state,
      escalated: row.escalated,
      ruleId: row.rule_id,
      ruleAuthor: row.author,
      origin: row.origin,
      attack: row.attack,
      entities: row.entities,
      detections: row.detections,
      firstEventAt: row.first_event_at.toISOString(),
      lastEventAt: row.last_event_at.toISOString(),
      createdAt: row.created_at.toISOString(),
      assignee,
      outcome: row.outcome,
      demo: row.demo,
      revision: row.revision,
    },
  };
}
