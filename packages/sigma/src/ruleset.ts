import type { Rule } from './ast.ts';
import type { LogSource, SigmaEvent } from './event.ts';
import { createMatcher, type Matcher } from './matcher.ts';
import { buildPlan, type Plan } from './plan/build.ts';
import type { RegexEngine } from './regex/engine.ts';
import type { EventLimits } from './plan/state.ts';

export type MatcherOptions = {
  /** Without routing every rule is asked about every event, whatever its log source. */
  readonly routing?: boolean;
  readonly limits?: Partial<EventLimits>;
};

export type RulesetOptions = { readonly regex?: RegexEngine };

/** Active rules and the plans made of them. Immutable: a new set of rules is a new rule set, swapped as one. */
export type Ruleset = {
  readonly rules: readonly Rule[];
  readonly matcher: (options?: MatcherOptions) => Matcher;
  /** Builds the plans for these routes now, so that no event waits for one. */
  readonly prepare: (routes: Iterable<Pick<SigmaEvent, 'logsources' | 'routeKey'>>) => void;
  /** The rules an event of these log sources is asked about. */
  readonly applying: (logsources: readonly LogSource[]) => readonly Rule[];
};

// A sender can invent log sources; plans beyond this many are built again when they are needed.
const mostPlans = 2000;

/** @param regex runs regular expressions; default: re2js, driven step by step */
export function createRuleset(rules: readonly Rule[], { regex }: RulesetOptions = {}): Ruleset {
  const plans = new Map<string, Plan>();
  const everyRule = rules.map((_, number) => number);
  let unrouted: Plan | undefined;

  const routed = (event: Pick<SigmaEvent, 'logsources' | 'routeKey'>): Plan => {
    let plan = plans.get(event.routeKey);
    if (plan === undefined) {
      plan = buildPlan(rules, numbersFor(rules, event.logsources), regex);
      if (plans.size >= mostPlans) plans.clear();
      plans.set(event.routeKey, plan);
    }
    return plan;
  };
  const all = (): Plan => (unrouted ??= buildPlan(rules, everyRule, regex));

  return {
    rules,
    matcher: ({ routing = true, limits = {} } = {}) => createMatcher(rules, routing ? routed : all, limits),
    prepare: (routes) => {
      for (const route of routes) routed(route);
    },
    applying: (logsources) =>
      numbersFor(rules, logsources).flatMap((number) => {
        const rule = rules[number];
        return rule ? [rule] : [];
      }),
  };
}

function numbersFor(rules: readonly Rule[], logsources: readonly LogSource[]): number[] {
  return rules.flatMap((rule, number) =>
    logsources.some((logsource) => appliesTo(rule.logsource, logsource)) ? [number] : [],
  );
}

/** Each word the rule gives is equal; words it does not give may be anything. */
export function appliesTo(rule: LogSource, event: LogSource): boolean {
  return (
    (rule.product === undefined || rule.product === event.product) &&
    (rule.category === undefined || rule.category === event.category) &&
    (rule.service === undefined || rule.service === event.service)
  );
}
