import { keyPart, numberOf, textOf } from './field.ts';
import { type Bounds, type Counters, type Group, Groups } from './groups.ts';
import type { CorrelationRule, Member } from './rule.ts';
import { type CorrelationState, restoreGroups, saveGroups } from './state.ts';

export type Fields = Readonly<Record<string, unknown>>;

export type Fired = {
  readonly rule: CorrelationRule;
  readonly tenancy: string;
  /** False where another correlation uses this one and does not `generate`: then it is no alert by itself. */
  readonly alone: boolean;
  /** By the names of `group-by`, in its order. */
  readonly group: Readonly<Record<string, string>>;
  /** The window: milliseconds since 1970 of its first and of its newest event. */
  readonly from: number;
  readonly at: number;
  readonly events: number;
  /** The newest of them by the caller's names, oldest first; at most `refsPerFired`. */
  readonly refs: readonly string[];
};

export type CorrelationOptions = {
  /** An event older than its group's newest by more than this is not counted, but for `counters().late`. */
  readonly latenessMs: number;
  /** Bounds of each tenancy. */
  readonly groups: number;
  readonly entries: number;
  readonly entriesPerGroup: number;
  readonly refsPerFired: number;
};

export const defaultCorrelationOptions: CorrelationOptions = {
  latenessMs: 600_000,
  groups: 100_000,
  entries: 1_000_000,
  entriesPerGroup: 100_000,
  refsPerFired: 100,
};

export type Correlator = {
  /** True where some correlation counts this rule. */
  wants(ruleId: string): boolean;
  /** False where a correlation uses the rule and does not `generate`: then it alerts only as part of that. */
  alertsAlone(ruleId: string): boolean;
  /**
   * One detection. Times are the events' own, in milliseconds since 1970; the caller bounds clocks that are years off.
   * A group fires when its condition comes to hold, and again while it holds once a timespan has passed.
   */
  push(tenancy: string, ruleId: string, time: number, fields: Fields, ref: string): readonly Fired[];
  counters(tenancy: string): Readonly<Counters>;
  /** Of all tenancies together. */
  totals(): Readonly<Counters>;
  /** Plain data for JSON; `restore` takes it in another process. State of a correlation that changed is left out. */
  snapshot(): CorrelationState;
  restore(state: CorrelationState): void;
};

const none: readonly Fired[] = [];
/** A late event makes an ordered correlation read its window again: so that window is short. */
const orderedEntries = 10_000;

/** @param rules as `parseCorrelations` gave them: inner before outer */
export function correlate(
  rules: readonly CorrelationRule[],
  options: Partial<CorrelationOptions> = {},
): Correlator {
  const settings = { ...defaultCorrelationOptions, ...options };
  const bounds: Bounds = settings;
  const users = new Map<string, { rule: CorrelationRule; member: Member; place: number }[]>();
  const silenced = new Set<string>();
  for (const rule of rules) {
    for (const [place, member] of rule.members.entries()) {
      const list = users.get(member.id) ?? [];
      list.push({ rule, member, place });
      users.set(member.id, list);
      if (!rule.generate) silenced.add(member.id);
    }
  }
  for (const rule of rules) if (rule.generate) for (const { id } of rule.members) silenced.delete(id);
  const tenancies = new Map<string, Groups>();

  function groupsOf(tenancy: string): Groups {
    let groups = tenancies.get(tenancy);
    if (groups === undefined) tenancies.set(tenancy, (groups = new Groups(bounds)));
    return groups;
  }

  function feed(
    tenancy: string,
    groups: Groups,
    ruleId: string,
    time: number,
    fields: Fields,
    ref: string,
    fired: Fired[],
  ): void {
    for (const { rule, member, place } of users.get(ruleId) ?? []) {
      const key = keyOf(fields, member.groupFields);
      if (key === undefined) continue;
      const value = countedValue(rule, fields);
      if (value === undefined) continue;
      const group =
        groups.find(rule, key) ??
        groups.open(
          rule,
          key,
          member.groupFields.map((field) => textOf(fields, field) ?? ''),
        );
      groups.touch(group);
      const newest = Math.max(time, group.window.last()?.time ?? time);
      if (time < newest - Math.min(settings.latenessMs, rule.timespanMs)) {
        groups.counters.late++;
        continue;
      }
      const from = newest - rule.timespanMs;
      while ((group.window.first()?.time ?? from) < from) groups.shift(group);
      const entry = { time, member: place, value, ref };
      groups.add(group, entry);
      if (isOrdered(rule))
        while (group.window.size > orderedEntries) {
          groups.shift(group);
          groups.counters.evictedEntries++;
        }
      if (!group.measure.holds(group.window.last() ?? entry)) continue;
      if (newest > group.firedAt + rule.timespanMs) {
        group.firedAt = newest;
        fired.push(fire(tenancy, group, settings.refsPerFired, !silenced.has(rule.id)));
      }
      if (users.has(rule.id)) feed(tenancy, groups, rule.id, newest, byName(rule, group.values), ref, fired);
    }
  }

  function expire(groups: Groups, time: number): void {
    for (let checked = 0; checked < 2; checked++) {
      const group = groups.stalest;
      const last = group?.window.last()?.time;
      if (
        group === undefined ||
        (last !== undefined && last + group.rule.timespanMs + settings.latenessMs >= time)
      )
        return;
      groups.close(group);
    }
  }

  return {
    wants: (ruleId) => users.has(ruleId),
    alertsAlone: (ruleId) => !silenced.has(ruleId),
    push(tenancy, ruleId, time, fields, ref) {
      if (!users.has(ruleId) || !Number.isFinite(time)) return none;
      const groups = groupsOf(tenancy);
      const fired: Fired[] = [];
      feed(tenancy, groups, ruleId, time, fields, ref, fired);
      expire(groups, time);
      return fired;
    },
    counters: (tenancy) => ({ ...groupsOf(tenancy).counters }),
    totals: () => sumOf([...tenancies.values()].map((groups) => groups.counters)),
    snapshot: () => saveGroups(rules, tenancies),
    restore: (state) => restoreGroups(state, rules, groupsOf),
  };
}

function sumOf(all: readonly Readonly<Counters>[]): Counters {
  const sum: Counters = { groups: 0, entries: 0, evictedGroups: 0, evictedEntries: 0, late: 0 };
  for (const one of all) {
    sum.groups += one.groups;
    sum.entries += one.entries;
    sum.evictedGroups += one.evictedGroups;
    sum.evictedEntries += one.evictedEntries;
    sum.late += one.late;
  }
  return sum;
}

function isOrdered(rule: CorrelationRule): boolean {
  return rule.type === 'temporal_ordered' || rule.type === 'temporal_ordered_extended';
}

/** Undefined where the event lacks one of them: it belongs to no group. */
function keyOf(fields: Fields, names: readonly string[]): string | undefined {
  const [only] = names;
  if (names.length === 1 && only !== undefined) return textOf(fields, only);
  let key = '';
  for (const name of names) {
    const value = textOf(fields, name);
    if (value === undefined) return undefined;
    key += keyPart(value);
  }
  return key;
}

/** Null where events are counted; undefined where the event lacks what is counted, so that it is not. */
function countedValue(rule: CorrelationRule, fields: Fields): string | number | null | undefined {
  const [field] = rule.valueFields;
  if (field === undefined) return null;
  const numeric = rule.type === 'value_sum' || rule.type === 'value_avg' || rule.percentile !== null;
  if (numeric) return numberOf(fields, field);
  return keyOf(fields, rule.valueFields);
}

function byName(rule: CorrelationRule, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(rule.groupBy.map((name, place) => [name, values[place] ?? '']));
}

function fire(tenancy: string, { rule, values, window }: Group, refsPerFired: number, alone: boolean): Fired {
  const refs: string[] = [];
  for (let i = Math.max(0, window.size - refsPerFired); i < window.size; i++)
    refs.push(window.at(i)?.ref ?? '');
  const from = window.first()?.time ?? 0;
  return {
    rule,
    tenancy,
    alone,
    group: byName(rule, values),
    from,
    at: window.last()?.time ?? from,
    events: window.size,
    refs,
  };
}
