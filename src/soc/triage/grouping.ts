import type { Entity } from './contract.ts';
import type { DetectionRecord } from './detection.ts';
import { entityKey } from './entities.ts';

/** An alert takes a further detection when its event lies at most this far from those it has … */
export const windowSeconds = 3600;
/** … and the whole alert stays within this span: a rule that fires all week is seven alerts and more, not one. */
export const spanSeconds = 24 * 3600;
/** The storm valve, per tenancy, rule and minute of the system's clock. */
export const opensPerMinute = 20;
export const keptPerMinute = 200;
export const keptPerAlert = 50;
export const stormKey = 'storm';
const entitiesPerAlert = 12;

/** An open alert as grouping needs it; grouping works on copies. */
export type OpenAlert = {
  id: string;
  tenancy: string;
  ruleId: string;
  groupKey: string;
  entities: Entity[];
  firstEventAt: Date;
  lastEventAt: Date;
  detections: number;
  suppressed: number;
};

export type StormCount = {
  tenancy: string;
  ruleId: string;
  opened: number;
  kept: number;
  suppressed: number;
};

export type OpenedAlert = OpenAlert & { first: DetectionRecord };
export type Grouping = {
  opened: OpenedAlert[];
  /** Alerts from before that took something in. */
  grown: OpenAlert[];
  kept: { alertId: string; detection: DetectionRecord }[];
  storms: StormCount[];
};

/**
 * Puts every detection into exactly one alert: same tenancy, rule and first entity, neighbouring in event time. A rule
 * that opens more than `opensPerMinute` alerts in a minute has the rest taken together in one storm alert; detections
 * past `keptPerMinute` or `keptPerAlert` are counted and not kept.
 * A closed alert is not in `open`, so what comes after it opens a new one: a decision of a person is not undone by a log line.
 */
export function group(
  detections: readonly DetectionRecord[],
  open: readonly OpenAlert[],
  storms: readonly StormCount[],
  newId: () => string,
): Grouping {
  const groups = new Map<string, OpenAlert[]>();
  const counts = new Map<string, StormCount>();
  for (const alert of open)
    listAt(groups, groupOf(alert.tenancy, alert.ruleId, alert.groupKey)).push({ ...alert });
  for (const count of storms) counts.set(`${count.tenancy}\n${count.ruleId}`, { ...count });

  const opened: OpenedAlert[] = [];
  const fresh = new Set<OpenAlert>();
  const touched = new Map<string, OpenAlert>();
  const kept: Grouping['kept'] = [];

  for (const detection of detections) {
    const ruleId = detection.rule.id;
    const count = countAt(counts, detection.tenancy, ruleId);
    const own = entityKey(firstEntity(detection));
    const stormy = count.opened >= opensPerMinute;
    let alert = fitting(groups.get(groupOf(detection.tenancy, ruleId, own)), detection.eventAt);
    if (alert === undefined && stormy) {
      alert = fitting(groups.get(groupOf(detection.tenancy, ruleId, stormKey)), detection.eventAt);
    }
    if (alert === undefined) {
      const made = openAlert(detection, stormy ? stormKey : own, newId());
      opened.push(made);
      fresh.add(made);
      listAt(groups, groupOf(detection.tenancy, ruleId, made.groupKey)).push(made);
      if (!stormy) count.opened++;
      alert = made;
    } else if (!fresh.has(alert)) {
      touched.set(alert.id, alert);
    }
    grow(alert, detection);
    if (alert.detections - alert.suppressed <= keptPerAlert && count.kept < keptPerMinute) {
      count.kept++;
      kept.push({ alertId: alert.id, detection });
    } else {
      alert.suppressed++;
      count.suppressed++;
    }
  }
  return { opened, grown: [...touched.values()], kept, storms: [...counts.values()] };
}

const groupOf = (tenancy: string, ruleId: string, key: string): string => `${tenancy}\n${ruleId}\n${key}`;

function firstEntity(detection: DetectionRecord): Entity {
  return detection.entities[0] ?? { kind: 'source', value: detection.source };
}

function listAt(groups: Map<string, OpenAlert[]>, key: string): OpenAlert[] {
  let list = groups.get(key);
  if (list === undefined) groups.set(key, (list = []));
  return list;
}

function countAt(counts: Map<string, StormCount>, tenancy: string, ruleId: string): StormCount {
  const key = `${tenancy}\n${ruleId}`;
  let count = counts.get(key);
  if (count === undefined) counts.set(key, (count = { tenancy, ruleId, opened: 0, kept: 0, suppressed: 0 }));
  return count;
}

function fitting(alerts: readonly OpenAlert[] | undefined, at: Date): OpenAlert | undefined {
  return alerts?.find((alert) => {
    const first = Math.min(alert.firstEventAt.getTime(), at.getTime());
    const last = Math.max(alert.lastEventAt.getTime(), at.getTime());
    const gap = Math.max(
      alert.firstEventAt.getTime() - at.getTime(),
      at.getTime() - alert.lastEventAt.getTime(),
    );
    return gap <= windowSeconds * 1000 && last - first <= spanSeconds * 1000;
  });
}

function openAlert(detection: DetectionRecord, groupKey: string, id: string): OpenedAlert {
  return {
    id,
    tenancy: detection.tenancy,
    ruleId: detection.rule.id,
    groupKey,
    entities: [],
    firstEventAt: detection.eventAt,
    lastEventAt: detection.eventAt,
    detections: 0,
    suppressed: 0,
    first: detection,
  };
}

function grow(alert: OpenAlert, detection: DetectionRecord): void {
  alert.detections++;
  if (detection.eventAt < alert.firstEventAt) alert.firstEventAt = detection.eventAt;
  if (detection.eventAt > alert.lastEventAt) alert.lastEventAt = detection.eventAt;
  if (alert.entities.length >= entitiesPerAlert) return;
  const known = new Set(alert.entities.map(entityKey));
  for (const entity of detection.entities) {
    if (alert.entities.length < entitiesPerAlert && !known.has(entityKey(entity)))
      alert.entities = [...alert.entities, entity];
  }
}
