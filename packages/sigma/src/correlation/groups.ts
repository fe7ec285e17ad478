import { type Measure, measureOf } from './measure.ts';
import { type Entry, Ring } from './ring.ts';
import type { CorrelationRule } from './rule.ts';

/** One group of one correlation, in one tenancy. */
export type Group = {
  readonly rule: CorrelationRule;
  readonly key: string;
  /** In the order of the rule's `groupBy`. */
  readonly values: readonly string[];
  readonly window: Ring;
  readonly measure: Measure;
  firedAt: number;
  newer: Group | undefined;
  older: Group | undefined;
};

export type Counters = {
  groups: number;
  entries: number;
  /** Groups given up for space, the one longest untouched first: a correlation may have missed something. */
  evictedGroups: number;
  /** Oldest events of a group given up because it alone held too many. */
  evictedEntries: number;
  /** Events not counted because they came later than the bound. */
  late: number;
};

export type Bounds = {
  readonly groups: number;
  readonly entries: number;
  readonly entriesPerGroup: number;
};

/** What one tenancy has open. INVARIANT: never more groups or entries than the bounds, and what was given up is counted. */
export class Groups {
  readonly counters: Counters = { groups: 0, entries: 0, evictedGroups: 0, evictedEntries: 0, late: 0 };
  readonly #byRule = new Map<CorrelationRule, Map<string, Group>>();
  readonly #bounds: Bounds;
  #newest: Group | undefined;
  #stalest: Group | undefined;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  get stalest(): Group | undefined {
    return this.#stalest;
  }

  find(rule: CorrelationRule, key: string): Group | undefined {
    return this.#byRule.get(rule)?.get(key);
  }

  open(rule: CorrelationRule, key: string, values: readonly string[]): Group {
    let ofRule = this.#byRule.get(rule);
    if (ofRule === undefined) this.#byRule.set(rule, (ofRule = new Map()));
    const window = new Ring();
    const measure = measureOf(rule, window);
    const group: Group = {
      rule,
      key,
      values,
      window,
      measure,
      firedAt: Number.NEGATIVE_INFINITY,
      newer: undefined,
      older: undefined,
    };
    ofRule.set(key, group);
    this.counters.groups++;
    this.#link(group);
    while (this.counters.groups > this.#bounds.groups && this.#stalest) this.#evict(this.#stalest);
    return group;
  }

  touch(group: Group): void {
    if (group === this.#newest) return;
    this.#unlink(group);
    this.#link(group);
  }

  add(group: Group, entry: Entry): void {
    const last = group.window.insert(entry);
    group.measure.add(entry);
    if (!last) group.measure.reorder?.();
    this.counters.entries++;
    if (group.window.size > this.#bounds.entriesPerGroup) {
      this.shift(group);
      this.counters.evictedEntries++;
    }
    while (this.counters.entries > this.#bounds.entries && this.#stalest && this.#stalest !== group)
      this.#evict(this.#stalest);
  }

  shift(group: Group): void {
    const entry = group.window.shift();
    if (entry === undefined) return;
    this.counters.entries--;
    group.measure.remove(entry);
  }

  close(group: Group): void {
    this.#byRule.get(group.rule)?.delete(group.key);
    this.#unlink(group);
    this.counters.groups--;
    this.counters.entries -= group.window.size;
  }

  /** The one longest untouched first. */
  *[Symbol.iterator](): Generator<Group> {
    for (let group = this.#stalest; group; group = group.newer) yield group;
  }

  #evict(group: Group): void {
    this.close(group);
    this.counters.evictedGroups++;
  }

  #link(group: Group): void {
    group.older = this.#newest;
    group.newer = undefined;
    if (this.#newest) this.#newest.newer = group;
    else this.#stalest = group;
    this.#newest = group;
  }

  #unlink(group: Group): void {
    if (group.older) group.older.newer = group.newer;
    else this.#stalest = group.newer;
    if (group.newer) group.newer.older = group.older;
    else this.#newest = group.older;
  }
}
