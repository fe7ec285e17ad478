import type { Rule } from './ast.ts';
import type { SigmaEvent } from './event.ts';
import type { Plan } from './plan/build.ts';
import { memoryBudget } from './plan/memory.ts';
import { Scanner } from './plan/scanner.ts';
import { defaultEventLimits, type EventLimits } from './plan/state.ts';

/** A rule that is true of an event. */
export type Hit = { readonly rule: Rule; readonly ruleNumber: number };

export type RuleCount = {
  readonly rule: Rule;
  readonly hits: number;
  /** How often the index found the rule worth a look. */
  readonly looks: number;
  /** Looks that ended without an answer, because the event's funds did not last: see `EventLimits`. */
  readonly undecided: number;
  /** Nanoseconds for a look, from every 64th event. Undefined where none was timed. */
  readonly lookNs: number | undefined;
};

export type MatcherStatistics = {
  readonly events: number;
  readonly hits: number;
  readonly looks: number;
  readonly undecided: number;
  /** Events of which some value was seen only in part. */
  readonly truncated: number;
  readonly rules: readonly RuleCount[];
};

export type Matcher = {
  /**
   * All rules that are true of the event, in the order of the rule set. The array is the caller's.
   * @param json the JSON text that every field of the event was parsed from: keywords are looked for in it first, which
   *   is cheaper; the answer is the same without it
   */
  readonly match: (event: SigmaEvent, json?: string) => readonly Hit[];
  /** Of the last event some value was seen in part, or some rule was not decided: see `EventLimits`. */
  readonly truncated: boolean;
  /** What the last event cost, in units of about a nanosecond: never more than `EventLimits.work` and one step. */
  readonly spent: number;
  readonly statistics: () => MatcherStatistics;
};

type Counters = {
  readonly hits: Float64Array;
  readonly looks: Float64Array;
  readonly undecided: Float64Array;
  readonly ns: Float64Array;
  readonly timed: Float64Array;
};

const none: readonly Hit[] = Object.freeze([]);
const timedEvery = 64;
// Of values met before and what rules say of them, all plans together.
const rememberedBytes = 24 * 1024 * 1024;

/** For one thread: it keeps the working memory of the event at hand. @param planFor the shared, lazily built plans */
export function createMatcher(
  rules: readonly Rule[],
  planFor: (event: SigmaEvent) => Plan,
  limits: Partial<EventLimits> = {},
): Matcher {
  const bounds: EventLimits = { ...defaultEventLimits, ...limits };
  const budget = memoryBudget(rememberedBytes);
  const scanners = new Map<string, { readonly plan: Plan; readonly scanner: Scanner }>();
  const counters: Counters = {
    hits: new Float64Array(rules.length),
    looks: new Float64Array(rules.length),
    undecided: new Float64Array(rules.length),
    ns: new Float64Array(rules.length),
    timed: new Float64Array(rules.length),
  };
  let events = 0;
  let truncatedEvents = 0;
  let truncated = false;
  let spent = 0;

  const match = (event: SigmaEvent, json?: string): readonly Hit[] => {
    const plan = planFor(event);
    let entry = scanners.get(event.routeKey);
    if (entry === undefined || entry.plan !== plan) {
      entry = { plan, scanner: new Scanner(plan, bounds, budget) };
      scanners.set(event.routeKey, entry);
    }
    const { scanner } = entry;
    const timed = events % timedEvery === 0;
    events++;
    const count = scanner.candidates(event.fields, json);
    let hits: Hit[] | undefined;
    for (let at = 0; at < count; at++) {
      const place = scanner.places[at] ?? 0;
      const number = plan.rules[place] ?? 0;
      const held = timed ? timedLook(counters, number, () => scanner.holds(place)) : scanner.holds(place);
      counters.looks[number]!++; // Sized by the rule set the plan's numbers come from.
      if (held === undefined) {
        counters.undecided[number]!++; // As above.
        scanner.undecided();
      }
      if (held !== true) continue;
      counters.hits[number]!++; // As above.
      const rule = rules[number];
      if (rule === undefined) continue;
      if (hits === undefined) hits = [];
      hits.push({ rule, ruleNumber: number });
    }
    truncated = scanner.truncated;
    spent = scanner.spent;
    if (truncated) truncatedEvents++;
    scanner.end();
    if (hits === undefined) return none;
    if (hits.length > 1) hits.sort((left, right) => left.ruleNumber - right.ruleNumber);
    return hits;
  };

  return {
    match,
    get truncated() {
      return truncated;
    },
    get spent() {
      return spent;
    },
    statistics: () => {
      const perRule = rules.map((rule, number): RuleCount => {
        const timedLooks = counters.timed[number] ?? 0;
        return {
          rule,
          hits: counters.hits[number] ?? 0,
          looks: counters.looks[number] ?? 0,
          undecided: counters.undecided[number] ?? 0,
          lookNs: timedLooks > 0 ? (counters.ns[number] ?? 0) / timedLooks : undefined,
        };
      });
      return {
        events,
        hits: perRule.reduce((sum, rule) => sum + rule.hits, 0),
        looks: perRule.reduce((sum, rule) => sum + rule.looks, 0),
        undecided: perRule.reduce((sum, rule) => sum + rule.undecided, 0),
        truncated: truncatedEvents,
        rules: perRule,
      };
    },
  };
}

function timedLook(counters: Counters, number: number, look: () => boolean | undefined): boolean | undefined {
  const begun = performance.now();
  const held = look();
  counters.ns[number]! += (performance.now() - begun) * 1e6; // Sized by the rule set.
  counters.timed[number]!++; // As above.
  return held;
}
