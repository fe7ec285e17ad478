import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Entity, Severity } from './contract.ts';
import type { DetectionRecord, RuleFacts } from './detection.ts';
import { entityKey } from './entities.ts';
import type { OpenAlert, StormCount } from './grouping.ts';
import { json } from './store.ts';

/** A few statements a batch, however large: PGlite costs per statement, not per row. */

export type GroupKey = { tenancy: string; ruleId: string; groupKey: string };

/**
 * Open alerts of these groups that an event between `from` and `to` may belong to, locked so that nobody closes one
 * while it grows.
 */
export async function lockOpen(
  tx: Tx,
  keys: readonly GroupKey[],
  from: Date,
  to: Date,
): Promise<OpenAlert[]> {
  const { rows } = await sql<OpenAlert>`
    select a.id, a.tenancy_id as tenancy, a.rule_id as "ruleId", a.group_key as "groupKey", a.entities,
      a.first_event_at as "firstEventAt", a.last_event_at as "lastEventAt", a.detections, a.suppressed
    from jsonb_to_recordset(${json(keys)}::jsonb) as k(tenancy text, "ruleId" text, "groupKey" text)
    join soc.alert a on a.tenancy_id = k.tenancy and a.rule_id = k."ruleId" and a.group_key = k."groupKey"
    where a.state <> 'closed' and a.last_event_at >= ${from} and a.first_event_at <= ${to}
    order by a.id for update of a`.execute(tx);
  return rows;
}

export async function stormCounts(
  tx: Tx,
  minute: Date,
  rules: readonly { tenancy: string; ruleId: string }[],
): Promise<StormCount[]> {
  const { rows } = await sql<StormCount>`
    select s.tenancy_id as tenancy, s.rule_id as "ruleId", s.opened, s.kept, s.suppressed
    from jsonb_to_recordset(${json(rules)}::jsonb) as k(tenancy text, "ruleId" text)
    join soc.storm s on s.tenancy_id = k.tenancy and s.rule_id = k."ruleId" and s.minute = ${minute}`.execute(
    tx,
  );
  return rows;
}

export async function saveStorms(tx: Tx, minute: Date, counts: readonly StormCount[]): Promise<void> {
  await sql`
    insert into soc.storm (tenancy_id, rule_id, minute, opened, kept, suppressed)
    select tenancy, "ruleId", ${minute}, opened, kept, suppressed
    from jsonb_to_recordset(${json(counts)}::jsonb) as c(tenancy text, "ruleId" text, opened integer, kept integer, suppressed bigint)
    on conflict (tenancy_id, rule_id, minute)
    do update set opened = excluded.opened, kept = excluded.kept, suppressed = excluded.suppressed`.execute(
    tx,
  );
}

export async function forgetStorms(tx: Tx, before: Date): Promise<void> {
  await sql`delete from soc.storm where minute < ${before}`.execute(tx);
}

export type NewAlert = Omit<OpenAlert, 'ruleId'> & {
  title: string;
  severity: Severity;
  origin: 'sigma' | 'ironbark';
  rule: RuleFacts;
  attack: readonly string[];
  receivedAt: Date;
  demo: boolean;
};

/** Also writes the first line of each one's history. @returns the change numbers given */
export async function insertAlerts(
  tx: Tx,
  alerts: readonly NewAlert[],
  at: Date,
): Promise<{ low: number; high: number }> {
  const rows = alerts.map((alert) => ({
    ...alert,
    rule_id: alert.rule.id,
    entity_keys: keysOf(alert.entities),
    group_key: alert.groupKey,
    first_at: alert.firstEventAt,
    last_at: alert.lastEventAt,
    received_at: alert.receivedAt,
  }));
  const inserted = await sql<{ low: number; high: number }>`
    with inserted as (
      insert into soc.alert (id, tenancy_id, rule_id, title, severity, origin, rule, attack, entities, entity_keys, group_key,
        detections, suppressed, first_event_at, last_event_at, received_at, created_at, demo, change_number,
        opened_number)
      select id, tenancy, rule_id, title, severity, origin, rule, attack, entities, entity_keys, group_key, detections, suppressed,
        first_at, last_at, received_at, ${at}, demo, number, number
      from (select *, nextval('soc.alert_change_number') as number from jsonb_to_recordset(${json(rows)}::jsonb) as r(id text, tenancy text, rule_id text, title text, severity text,
        origin text, rule jsonb, attack text[], entities jsonb, entity_keys text[], group_key text, detections bigint,
        suppressed bigint, first_at timestamptz, last_at timestamptz, received_at timestamptz, demo boolean)) as a
      returning id, tenancy_id, change_number
    ), told as (
      insert into soc.alert_change (tenancy_id, alert_id, at, actor_id, actor_name, action)
      select tenancy_id, id, ${at}, 'ironbark', 'Ironbark', 'created' from inserted
    ) select min(change_number) as low, max(change_number) as high from inserted`.execute(tx);
  return inserted.rows[0] ?? { low: 0, high: 0 };
}

/** @returns the change numbers given */
export async function growAlerts(
  tx: Tx,
  alerts: readonly OpenAlert[],
): Promise<{ low: number; high: number }> {
  const rows = alerts.map((alert) => ({
    id: alert.id,
    entities: alert.entities,
    entity_keys: keysOf(alert.entities),
    detections: alert.detections,
    suppressed: alert.suppressed,
    first_at: alert.firstEventAt,
    last_at: alert.lastEventAt,
  }));
  const grown = await sql<{ low: number; high: number }>`
    with grown as (
      update soc.alert a set entities = g.entities, entity_keys = g.entity_keys, detections = g.detections,
        suppressed = g.suppressed, first_event_at = g.first_at, last_event_at = g.last_at,
        change_number = nextval('soc.alert_change_number')
      from jsonb_to_recordset(${json(rows)}::jsonb) as g(id text, entities jsonb, entity_keys text[], detections bigint,
        suppressed bigint, first_at timestamptz, last_at timestamptz)
      where a.id = g.id returning a.change_number
    ) select min(change_number) as low, max(change_number) as high from grown`.execute(tx);
  return grown.rows[0] ?? { low: 0, high: 0 };
}

export type KeptDetection = { id: string; alertId: string; detection: DetectionRecord };
const uidsPerDetection = 100;
/** An event is kept whole with its alert up to here; past it the event store has it. */
const maxEventLength = 65_536;

export async function insertDetections(tx: Tx, kept: readonly KeptDetection[]): Promise<void> {
  const rows = kept.map(({ id, alertId, detection }) => ({
    id,
    tenancy: detection.tenancy,
    alert_id: alertId,
    rule_id: detection.rule.id,
    rule_version: detection.rule.version,
    source: detection.source,
    event_at: detection.eventAt,
    received_at: detection.receivedAt,
    uids: detection.eventUids.slice(-uidsPerDetection),
    reasons: detection.reasons,
    event:
      detection.eventJson.length > maxEventLength
        ? JSON.stringify(detection.eventJson.slice(0, maxEventLength))
        : detection.eventJson,
  }));
  await sql`
    insert into soc.detection (id, tenancy_id, alert_id, rule_id, rule_version, source_id, event_at, received_at, event_uids, reasons, event)
    select id, tenancy, alert_id, rule_id, rule_version, source, event_at, received_at, uids, reasons, event
    from jsonb_to_recordset(${json(rows)}::jsonb) as d(id text, tenancy text, alert_id text, rule_id text, rule_version text,
      source text, event_at timestamptz, received_at timestamptz, uids text[], reasons jsonb, event text)`.execute(
    tx,
  );
}

export async function countHits(
  tx: Tx,
  hits: readonly { tenancy: string; ruleId: string; hits: number; lastHitAt: Date }[],
): Promise<void> {
  await sql`
    insert into soc.rule_hit (tenancy_id, rule_id, hits, last_hit_at)
    select tenancy, "ruleId", hits, "lastHitAt"
    from jsonb_to_recordset(${json(hits)}::jsonb) as h(tenancy text, "ruleId" text, hits bigint, "lastHitAt" timestamptz)
    on conflict (tenancy_id, rule_id) do update
    set hits = soc.rule_hit.hits + excluded.hits, last_hit_at = greatest(soc.rule_hit.last_hit_at, excluded.last_hit_at)`.execute(
    tx,
  );
}

const keysOf = (entities: readonly Entity[]): string[] => [...new Set(entities.map(entityKey))];
