import { groupKey } from './field.ts';
import type { Counters, Groups } from './groups.ts';
import type { CorrelationRule } from './rule.ts';

/** [time, member, value, ref] */
type SavedEntry = readonly [number, number, string | number | null, string];

type SavedGroup = {
  readonly rule: string;
  readonly values: readonly string[];
  /** Null: has not fired. */
  readonly firedAt: number | null;
  readonly entries: readonly SavedEntry[];
};

/** What was open in every tenancy, as plain JSON. */
export type CorrelationState = {
  readonly version: 1;
  /** What each correlation asked for when it was saved: state of another question is no state. */
  readonly meanings: Readonly<Record<string, string>>;
  readonly tenancies: readonly {
    readonly tenancy: string;
    readonly counters: Counters;
    /** The one longest untouched first. */
    readonly groups: readonly SavedGroup[];
  }[];
};

function meaningOf(rule: CorrelationRule): string {
  const { type, members, groupBy, timespanMs, valueFields, percentile } = rule;
  return JSON.stringify([type, members, groupBy, timespanMs, valueFields, percentile]);
}

export function saveGroups(
  rules: readonly CorrelationRule[],
  tenancies: ReadonlyMap<string, Groups>,
): CorrelationState {
  return {
    version: 1,
    meanings: Object.fromEntries(rules.map((rule) => [rule.id, meaningOf(rule)])),
    tenancies: [...tenancies].map(([tenancy, groups]) => ({
      tenancy,
      counters: { ...groups.counters },
      groups: Array.from(groups, ({ rule, values, firedAt, window }): SavedGroup => {
        const entries: SavedEntry[] = [];
        for (let i = 0; i < window.size; i++) {
          const entry = window.at(i);
          if (entry) entries.push([entry.time, entry.member, entry.value, entry.ref]);
        }
        return { rule: rule.id, values, firedAt: Number.isFinite(firedAt) ? firedAt : null, entries };
      }),
    })),
  };
}

export function restoreGroups(
  state: CorrelationState,
  rules: readonly CorrelationRule[],
  groupsOf: (tenancy: string) => Groups,
): void {
  const same = new Map(
    rules.filter((rule) => state.meanings[rule.id] === meaningOf(rule)).map((rule) => [rule.id, rule]),
  );
  for (const { tenancy, counters, groups: saved } of state.tenancies) {
    const groups = groupsOf(tenancy);
    for (const { rule: id, values, firedAt, entries } of saved) {
      const rule = same.get(id);
      if (rule === undefined) continue;
      const group = groups.open(rule, groupKey(values), values);
      group.firedAt = firedAt ?? Number.NEGATIVE_INFINITY;
      for (const [time, member, value, ref] of entries) groups.add(group, { time, member, value, ref });
    }
    const { evictedGroups, evictedEntries, late } = counters;
    Object.assign(groups.counters, { evictedGroups, evictedEntries, late });
  }
}
