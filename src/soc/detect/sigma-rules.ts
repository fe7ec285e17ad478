import {
  applyPipelines,
  type CorrelationRule,
  compile,
  correlate,
  createRuleset,
  lookup,
  mapField,
  parseCorrelations,
  parsePipelines,
  type Pipeline,
  placeholdersOf,
  reasons,
  type ReasonsBudget,
  reasonsBudget,
  type Rule,
  type RuleMetadata,
  type SigmaEvent,
} from '@ironbark/sigma';
import type { ReasonLine } from '../triage/contract.ts';
import type { RuleFactsOut, RuleInput, RuleText } from './protocol.ts';
import type { Ruleset } from './ruleset.ts';

export type SigmaRules = {
  readonly ruleset: Ruleset;
  readonly facts: readonly RuleFactsOut[];
  readonly correlations: readonly CorrelationRule[];
  readonly rejectedRules: number;
};

const maxReasons = 30;
/**
 * Compiles rule texts into what a worker runs. Rules that can't be used are counted here and listed by their pack.
 * @param pipelines field maps: a rule may become two, one for each form its events come in, both with its id
 * @throws where a pipeline can't be read: they are ours, not a tenant's
 */
export function compileRules(input: RuleInput, pipelines: readonly RuleText[] = []): SigmaRules {
  const disabled = new Set(input.disabled);
  const read = parsePipelines(pipelines);
  const [broken] = read.faults;
  if (broken !== undefined) throw new Error(`${broken.file}: ${broken.why}`);
  const compiled = compile(input.texts, { placeholders: placeholdersOf(read.pipelines) });
  const mapped = applyPipelines(read.pipelines, compiled.rules);
  const correlated = parseCorrelations(compiled.correlations, compiled.rules);
  const correlations = correlated.correlations.filter((rule) => !disabled.has(rule.id));
  return {
    ruleset: rulesetOf(
      input.version,
      mapped.rules,
      fieldsBy(read.pipelines, compiled.rules),
      correlations,
      disabled,
    ),
    facts: [...compiled.rules, ...correlations].map(factsOf),
    correlations,
    rejectedRules: compiled.faults.length + mapped.faults.length + correlated.faults.length,
  };
}

/** A disabled rule alerts no more, but still feeds the correlations that are built on it. */
function rulesetOf(
  version: string,
  rules: readonly Rule[],
  fieldOf: FieldOf,
  correlations: readonly CorrelationRule[],
  disabled: ReadonlySet<string>,
): Ruleset {
  const matcher = createRuleset(rules).matcher();
  let partial = false;
  const budget = reasonsBudget();
  const byId = Map.groupBy(rules, ({ id }) => id);
  const correlator = correlate(correlations);
  const fieldsWanted = fieldsByRule(correlations);
  const techniquesById = new Map(rules.map((rule) => [rule.id, techniquesOf(rule)]));
  return {
    version,
    get partial() {
      return partial;
    },
    match: (event, json) => {
      const hits = matcher.match(event, json);
      partial = matcher.truncated;
      if (hits.length === 0) return [];
      const ids = hits.length === 1 ? hits.map(idOf) : [...new Set(hits.map(idOf))];
      return disabled.size === 0 ? ids : ids.filter((id) => !disabled.has(id) || fieldsWanted.has(id));
    },
    techniques: (ids) => [...new Set(ids.flatMap((id) => techniquesById.get(id) ?? []))],
    alerts: (id) => !disabled.has(id) && correlator.alertsAlone(id),
    correlated: (id, event) => {
      const names = fieldsWanted.get(id);
      return names === undefined
        ? undefined
        : Object.fromEntries(names.map((name) => [name, fieldOf(event, id, name)]));
    },
    reasons: (id, event) => reasonsOf(byId.get(id) ?? [], event, budget),
    costs: () =>
      matcher.statistics().rules.flatMap(({ rule, looks, lookNs, undecided }) =>
        lookNs === undefined && undecided === 0
          ? []
          : [
              {
                ruleId: rule.id,
                looks,
                lookMicroseconds: lookNs === undefined ? null : lookNs / 1000,
                undecided,
              },
            ],
      ),
  };
}

const idOf = (hit: { readonly rule: Rule }): string => hit.rule.id;

type FieldOf = (event: SigmaEvent, ruleId: string, name: string) => unknown;

/** A field by the name the rule's author gave it, or else by one that the maps give it. */
function fieldsBy(pipelines: readonly Pipeline[], rules: readonly Rule[]): FieldOf {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return (event, ruleId, name) => {
    const own = lookup(event.fields, name);
    const rule = byId.get(ruleId);
    if (own !== undefined || rule === undefined || pipelines.length === 0) return own;
    return mapField(pipelines, rule, name)
      .map((mapped) => lookup(event.fields, mapped))
      .find((value) => value !== undefined);
  };
}

/** Of the form of the rule that is true of the event. */
function reasonsOf(forms: readonly Rule[], event: SigmaEvent, budget: ReasonsBudget): readonly ReasonLine[] {
  const found = forms.map((rule) => reasons(rule, event, budget)).find((lines) => lines.length > 0);
  return (found ?? [])
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
