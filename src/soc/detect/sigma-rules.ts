import {
  type Compiled,
  type CorrelationRule,
  compile,
  correlate,
  lookup,
  parseCorrelations,
  reasons,
  type Rule,
  type RuleMetadata,
  type SigmaEvent,
} from '@ironbark/sigma';
import type { ReasonLine } from '../triage/contract.ts';
import type { RuleFactsOut, RuleInput } from './protocol.ts';
import type { Ruleset } from './ruleset.ts';

export type SigmaRules = {
  readonly ruleset: Ruleset;
  readonly facts: readonly RuleFactsOut[];
  readonly correlations: readonly CorrelationRule[];
  readonly rejectedRules: number;
};

const maxReasons = 30;
/** Compiles rule texts into what a worker runs. Rules that can't be used are counted here and listed by their pack. */
export function compileRules(input: RuleInput): SigmaRules {
  const disabled = new Set(input.disabled);
  const compiled = compile(input.texts);
  const correlated = parseCorrelations(compiled.correlations, compiled.rules);
  const correlations = correlated.correlations.filter((rule) => !disabled.has(rule.id));
  return {
    ruleset: rulesetOf(input.version, compiled, correlations, disabled),
    facts: [...compiled.rules, ...correlations].map(factsOf),
    correlations,
    rejectedRules: compiled.faults.length + correlated.faults.length,
  };
}

/** A disabled rule alerts no more, but still feeds the correlations that are built on it. */
function rulesetOf(
  version: string,
  compiled: Compiled,
  correlations: readonly CorrelationRule[],
  disabled: ReadonlySet<string>,
): Ruleset {
  const matcher = compiled.ruleset.matcher();
  let partial = false;
  const byId = new Map(compiled.rules.map((rule) => [rule.id, rule]));
  const correlator = correlate(correlations);
  const fieldsWanted = fieldsByRule(correlations);
  const techniquesById = new Map(compiled.rules.map((rule) => [rule.id, techniquesOf(rule)]));
  return {
    version,
    get partial() {
      return partial;
    },
    match: (event) => {
      const hits = matcher.match(event);
      partial = matcher.truncated;
      if (hits.length === 0) return [];
      const ids = hits.map(({ rule }) => rule.id);
      return disabled.size === 0 ? ids : ids.filter((id) => !disabled.has(id) || fieldsWanted.has(id));
    },
    techniques: (ids) => [...new Set(ids.flatMap((id) => techniquesById.get(id) ?? []))],
    alerts: (id) => !disabled.has(id) && correlator.alertsAlone(id),
    correlated: (id, event) => {
      const names = fieldsWanted.get(id);
      return names === undefined
        ? undefined
        : Object.fromEntries(names.map((name) => [name, lookup(event.fields, name)]));
    },
    reasons: (id, event) => reasonsOf(byId.get(id), event),
  };
}

function reasonsOf(rule: Rule | undefined, event: SigmaEvent): readonly ReasonLine[] {
  if (rule === undefined) return [];
  return reasons(rule, event)
    .slice(0, maxReasons)
    .map(({ selection, field, test, value }) => ({ selection, field, test, value }));
}

/** Of each rule that correlations count: the fields they group by or measure. */
function fieldsByRule(correlations: readonly CorrelationRule[]): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, Set<string>>();
  for (const { members, valueFields } of correlations) {
    for (const { id, groupFields } of members) {
      const names = fields.get(id) ?? new Set<string>();
      for (const name of [...groupFields, ...valueFields]) names.add(name);
      fields.set(id, names);
    }
  }
  return new Map([...fields].map(([id, names]) => [id, [...names]]));
}

const techniquesOf = (rule: RuleMetadata): string[] =>
  rule.tags.flatMap((tag) =>
    /^attack\.t\d{4}(\.\d{3})?$/i.test(tag) ? [tag.slice('attack.'.length).toUpperCase()] : [],
  );

function factsOf(rule: RuleMetadata): RuleFactsOut {
  return {
    id: rule.id,
    title: rule.title,
    level: rule.level,
    author: rule.author,
    licence: rule.license,
    tags: rule.tags,
    description: rule.description,
    references: rule.references,
    falsePositives: rule.falsepositives,
  };
}
