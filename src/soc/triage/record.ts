import type { Clock } from '#platform/clock';
import type { Ids } from '#platform/ids';
import type { Records, Tx } from '#platform/records';
import type { TenancyId } from '#platform/scope';
import type { Entity, Severity } from './contract.ts';
import type { DetectionRecord } from './detection.ts';
import { entityKey } from './entities.ts';
import { group, type OpenedAlert, stormKey, windowSeconds } from './grouping.ts';
import * as store from './store-record.ts';

export const alertChannel = 'soc.alert';

export type RecordDeps = {
  readonly records: Pick<Records, 'notify'>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Alerts of these are labelled as demo. */
  readonly isDemo: (tenancy: string) => boolean;
};

/**
 * Detections become alerts, in the transaction that moves the pipeline's checkpoint: each counts exactly once.
 *
 * @param detections in the order of their events; a batch of any size costs at most nine statements
 */
export async function record(
  deps: RecordDeps,
  tx: Tx,
  detections: readonly DetectionRecord[],
): Promise<void> {
  if (detections.length === 0) return;
  const now = deps.clock.now();
  const minute = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
  const times = detections.map((detection) => detection.eventAt.getTime());
  const from = new Date(times.reduce((a, b) => Math.min(a, b)) - windowSeconds * 1000);
  const to = new Date(times.reduce((a, b) => Math.max(a, b)) + windowSeconds * 1000);
  const open = await store.lockOpen(tx, groupKeys(detections), from, to);
  const storms = await store.stormCounts(tx, minute, rulesOf(detections));
  const grouping = group(detections, open, storms, () => deps.ids.uuid());

  const ranges: { low: number; high: number }[] = [];
  if (grouping.opened.length > 0) {
    ranges.push(
      await store.insertAlerts(
        tx,
        grouping.opened.map((alert) => newAlert(alert, deps.isDemo)),
        now,
      ),
    );
  }
  if (grouping.grown.length > 0) ranges.push(await store.growAlerts(tx, grouping.grown));
  if (grouping.kept.length > 0) {
    await store.insertDetections(
      tx,
      grouping.kept.map((kept) => ({ id: deps.ids.uuid(), ...kept })),
    );
  }
  await store.saveStorms(tx, minute, grouping.storms);
  await store.countHits(tx, hitsOf(detections));
  if (storms.length === 0) await store.forgetStorms(tx, new Date(now.getTime() - 24 * 3600 * 1000));
  await announce(deps.records, tx, ranges);
}

/** Tells every process which changes just happened; the hub reads them once and hands them to its streams. */
export async function announce(
  records: Pick<Records, 'notify'>,
  tx: Tx,
  ranges: readonly { low: number; high: number }[],
): Promise<void> {
  for (const { low, high } of ranges) await records.notify(tx, alertChannel, `${low} ${high}`);
}

/** What Ironbark itself has to say: a source fell silent, a disk fills. One open alert per kind and entity. */
export type SystemAlert = {
  readonly tenancy: TenancyId;
  /** A stable name: 'source-silent'. */
  readonly kind: string;
  readonly title: string;
  readonly severity: Severity;
  readonly entity: Entity;
  readonly description: string;
};

/** @returns the alert's id; the open one's, when it is there already */
export async function raiseSystemAlert(deps: RecordDeps, tx: Tx, alert: SystemAlert): Promise<string> {
  const now = deps.clock.now();
  const ruleId = `ironbark:${alert.kind}`;
  const key = { tenancy: alert.tenancy, ruleId, groupKey: entityKey(alert.entity) };
  const [there] = await store.lockOpen(tx, [key], new Date(0), now);
  if (there !== undefined) {
    const again = { ...there, detections: there.detections + 1, lastEventAt: now };
    await announce(deps.records, tx, [await store.growAlerts(tx, [again])]);
    return there.id;
  }
  const rule = {
    id: ruleId,
    version: '1',
    title: alert.title,
    level: alert.severity,
    author: 'Ironbark',
    licence: 'Apache-2.0',
    tags: [],
    description: alert.description,
    references: [],
    falsePositives: [],
  };
  const id = deps.ids.uuid();
  const opened: store.NewAlert = {
    id,
    tenancy: alert.tenancy,
    groupKey: key.groupKey,
    title: alert.title,
    severity: alert.severity,
    origin: 'ironbark',
    rule,
    attack: [],
    entities: [alert.entity],
    detections: 1,
    suppressed: 0,
    firstEventAt: now,
    lastEventAt: now,
    receivedAt: now,
    demo: deps.isDemo(alert.tenancy),
  };
  await announce(deps.records, tx, [await store.insertAlerts(tx, [opened], now)]);
  return id;
}

function newAlert({ first, ...alert }: OpenedAlert, isDemo: (tenancy: string) => boolean): store.NewAlert {
  const { rule } = first;
  return {
    ...alert,
    title: alert.groupKey === stormKey ? `Storm: ${rule.title}` : rule.title,
    severity: rule.level,
    origin: 'sigma',
    rule,
    attack: techniques(rule.tags),
    receivedAt: first.receivedAt,
    demo: isDemo(alert.tenancy),
  };
}

/** `attack.t1059.001` -> `T1059.001`; tactics keep their name. */
export const techniques = (tags: readonly string[]): string[] =>
  tags
    .filter((tag) => tag.startsWith('attack.'))
    .map((tag) => tag.slice('attack.'.length))
    .map((name) => (/^[tsg]\d{4}/.test(name) ? name.toUpperCase() : name));

function groupKeys(detections: readonly DetectionRecord[]): store.GroupKey[] {
  const keys = new Map<string, store.GroupKey>();
  for (const { tenancy, rule, entities, source } of detections) {
    const own = entityKey(entities[0] ?? { kind: 'source', value: source });
    for (const groupKey of [own, stormKey])
      keys.set(`${tenancy}\n${rule.id}\n${groupKey}`, { tenancy, ruleId: rule.id, groupKey });
  }
  return [...keys.values()];
}

function rulesOf(detections: readonly DetectionRecord[]): { tenancy: string; ruleId: string }[] {
  return [
    ...new Map(
      detections.map(({ tenancy, rule }) => [`${tenancy}\n${rule.id}`, { tenancy, ruleId: rule.id }]),
    ).values(),
  ];
}

function hitsOf(
  detections: readonly DetectionRecord[],
): { tenancy: string; ruleId: string; hits: number; lastHitAt: Date }[] {
  const hits = new Map<string, { tenancy: string; ruleId: string; hits: number; lastHitAt: Date }>();
  for (const { tenancy, rule, eventAt } of detections) {
    const key = `${tenancy}\n${rule.id}`;
    const hit = hits.get(key);
    if (hit === undefined) hits.set(key, { tenancy, ruleId: rule.id, hits: 1, lastHitAt: eventAt });
    else {
      hit.hits++;
      if (eventAt > hit.lastHitAt) hit.lastHitAt = eventAt;
    }
  }
  return [...hits.values()];
}
