import type { Condition } from '../ast.ts';
import { LongestRun, RunsBySet } from './runs.ts';
import type { Entry, Ring } from './ring.ts';
import type { Bound, CorrelationRule } from './rule.ts';
import { SortedValues } from './sorted-values.ts';

/** Follows one group's window: told of every entry that comes and goes, asked after each whether the condition holds. */
export type Measure = {
  add(entry: Entry): void;
  remove(entry: Entry): void;
  /** @param newest the entry that was just added */
  holds(newest: Entry): boolean;
  /** An entry was put in before others: for measures that depend on the order. */
  reorder?(): void;
};

/** @param window the entries it is told of; read only */
export function measureOf(rule: CorrelationRule, window: Ring): Measure {
  switch (rule.type) {
    case 'event_count':
      return eventCount(rule.bounds);
    case 'value_count':
      return valueCount(rule.bounds);
    case 'value_sum':
      return valueSum(window, (sum) => within(sum, rule.bounds));
    case 'value_avg':
      return valueSum(window, (sum, count) => count > 0 && within(sum / count, rule.bounds));
    case 'value_percentile':
      return rule.percentile === null
        ? valueShare(rule.bounds)
        : valuePercentile(rule.percentile, rule.bounds);
    case 'temporal':
    case 'temporal_extended':
      return presence(rule);
    case 'temporal_ordered':
      return ordered(rule, window);
    case 'temporal_ordered_extended':
      return orderedExtended(rule, window);
  }
}

export function within(value: number, bounds: readonly Bound[]): boolean {
  for (const bound of bounds) if (!holdsBound(value, bound)) return false;
  return true;
}

function holdsBound(value: number, { order, value: limit }: Bound): boolean {
  switch (order) {
    case 'gt':
      return value > limit;
    case 'gte':
      return value >= limit;
    case 'lt':
      return value < limit;
    case 'lte':
      return value <= limit;
    case 'eq':
      return value === limit;
    case 'neq':
      return value !== limit;
  }
}

function eventCount(bounds: readonly Bound[]): Measure {
  let count = 0;
  return {
    add: () => void count++,
    remove: () => void count--,
    holds: () => within(count, bounds),
  };
}

function counter(): {
  readonly counts: ReadonlyMap<string | number | null, number>;
  readonly add: (entry: Entry) => void;
  readonly remove: (entry: Entry) => void;
} {
  const counts = new Map<string | number | null, number>();
  return {
    counts,
    add: ({ value }) => void counts.set(value, (counts.get(value) ?? 0) + 1),
    remove: ({ value }) => {
      const left = (counts.get(value) ?? 0) - 1;
      if (left > 0) counts.set(value, left);
      else counts.delete(value);
    },
  };
}

function valueCount(bounds: readonly Bound[]): Measure {
  const { counts, add, remove } = counter();
  return { add, remove, holds: () => within(counts.size, bounds) };
}

/** SOURCE: specification 2.1.0, value_percentile: "a certain percentage of observed values", here the newest event's own. */
function valueShare(bounds: readonly Bound[]): Measure {
  const { counts, add, remove } = counter();
  let total = 0;
  return {
    add: (entry) => {
      total++;
      add(entry);
    },
    remove: (entry) => {
      total--;
      remove(entry);
    },
    holds: ({ value }) => within((100 * (counts.get(value) ?? 0)) / total, bounds),
  };
}

/** A sum over what comes and goes; taking away leaves rounding behind, so it is made anew after as many steps as it holds. */
function valueSum(window: Ring, test: (sum: number, count: number) => boolean): Measure {
  let sum = 0;
  let count = 0;
  let sinceAnew = 0;
  const anew = () => {
    sum = 0;
    for (let i = 0; i < window.size; i++) sum += Number(window.at(i)?.value ?? 0);
    sinceAnew = 0;
  };
  return {
    add({ value }) {
      sum += Number(value);
      count++;
    },
    remove({ value }) {
      sum -= Number(value);
      count--;
      if (++sinceAnew > count || !Number.isFinite(sum)) anew();
    },
    holds: () => test(sum, count),
  };
}

/** Nearest rank: the smallest value that at least this percentage of the values do not exceed. */
function valuePercentile(percentile: number, bounds: readonly Bound[]): Measure {
  const values = new SortedValues();
  return {
    add: ({ value }) => values.add(Number(value)),
    remove: ({ value }) => void values.remove(Number(value)),
    holds() {
      const value = values.at(Math.max(1, Math.ceil((percentile / 100) * values.size)));
      return value !== undefined && within(value, bounds);
    },
  };
}

/** How many entries each member has in the window. */
function presenceOf(rule: CorrelationRule) {
  const counts = new Array<number>(rule.members.length).fill(0);
  const places = new Map(rule.members.map(({ id }, place) => [id, place]));
  const place = (id: string) => places.get(id) ?? -1;
  let different = 0;
  return {
    add: ({ member }: Entry): void => {
      const count = (counts[member] ?? 0) + 1;
      counts[member] = count;
      if (count === 1) different++;
    },
    remove: ({ member }: Entry): void => {
      const count = (counts[member] ?? 0) - 1;
      counts[member] = count;
      if (count === 0) different--;
    },
    different: () => different,
    present: { place, has: (id: string) => (counts[place(id)] ?? 0) > 0 },
  };
}

function presence(rule: CorrelationRule): Measure {
  const { add, remove, different, present } = presenceOf(rule);
  const { expression, bounds } = rule;
  return {
    add,
    remove,
    holds: () => (expression === null ? within(different(), bounds) : truth(expression, present.has)),
  };
}

export function truth(condition: Condition, present: (id: string) => boolean): boolean {
  switch (condition.kind) {
    case 'selection':
      return present(condition.name);
    case 'not':
      return !truth(condition.of, present);
    case 'and':
      return condition.of.every((part) => truth(part, present));
    case 'or':
      return condition.of.some((part) => truth(part, present));
    case 'atLeast':
      return condition.of.filter((part) => truth(part, present)).length >= condition.count;
  }
}

function replay(window: Ring, chain: { clear(): void; add(member: number, time: number): void }): void {
  chain.clear();
  for (let i = 0; i < window.size; i++) {
    const entry = window.at(i);
    if (entry) chain.add(entry.member, entry.time);
  }
}

/** Counts the longest run of members, in the author's order, whose events follow each other in the window. */
function ordered({ members, bounds, timespanMs }: CorrelationRule, window: Ring): Measure {
  const runs = new LongestRun(members.length);
  return {
    add: ({ member, time }) => runs.add(member, time),
    remove: () => {},
    reorder: () => replay(window, runs),
    holds: ({ time }) => within(runs.longest(time - timespanMs), bounds),
  };
}

/** The condition holds when what it asks for follows in the author's order, and what it negates is not in the window. */
function orderedExtended(rule: CorrelationRule, window: Ring): Measure {
  const { expression, timespanMs } = rule;
  const runs = new RunsBySet(rule.members.length);
  const { add, remove, present } = presenceOf(rule);
  return {
    add(entry) {
      add(entry);
      runs.add(entry.member, entry.time);
    },
    remove,
    reorder: () => replay(window, runs),
    holds: ({ time }) =>
      expression !== null &&
      runs.some(time - timespanMs, (inRun) =>
        truthInOrder(expression, (id) => inRun(present.place(id)), present.has),
      ),
  };
}

function truthInOrder(
  condition: Condition,
  inRun: (id: string) => boolean,
  present: (id: string) => boolean,
): boolean {
  switch (condition.kind) {
    case 'selection':
      return inRun(condition.name);
    case 'not':
      return !truth(condition.of, present);
    case 'and':
      return condition.of.every((part) => truthInOrder(part, inRun, present));
    case 'or':
      return condition.of.some((part) => truthInOrder(part, inRun, present));
    case 'atLeast':
      return condition.of.filter((part) => truthInOrder(part, inRun, present)).length >= condition.count;
  }
}
