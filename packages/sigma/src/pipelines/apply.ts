import type { Condition, Detection, FieldItem, Rule, Selection } from '../ast.ts';
import { Refusal, type RuleFault } from '../faults.ts';
import type { ParseOptions } from '../parse/rules.ts';
import { changeItem, type Context, fieldNames, holds, ruleHolds } from './change.ts';
import { matchesLogSource } from './conditions.ts';
import type { ConditionSet, Pipeline, Step } from './pipeline.ts';

/**
 * The rules as the pipelines make them, in order of priority; pure. A pipeline with `keep_original` gives two rules of
 * one id where it changes anything: the same question to two kinds of events.
 */
export function applyPipelines(
  pipelines: readonly Pipeline[],
  rules: readonly Rule[],
): { readonly rules: readonly Rule[]; readonly faults: readonly RuleFault[] } {
  const faults: RuleFault[] = [];
  let current = rules;
  for (const pipeline of pipelines) {
    current = current.flatMap((rule) => {
      try {
        const changed = applyOne(pipeline, rule);
        return pipeline.keepOriginal && changed !== rule ? [rule, changed] : [changed];
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (pipeline.keepOriginal) return [rule];
        faults.push({
          file: rule.file,
          line: rule.line,
          ruleId: rule.id,
          what: 'pipeline',
          why: `Pipeline '${pipeline.name}': ${error.message}`,
        });
        return [];
      }
    });
  }
  return { rules: current, faults };
}

function newContext(pipeline: Pipeline): Context {
  return {
    pipeline,
    state: new Map(),
    custom: new Map(),
    appliedToRule: new Set(),
    appliedToItem: new WeakMap(),
  };
}

/** @returns the same object where nothing applied; @throws {Refusal} where the pipeline refuses the rule */
function applyOne(pipeline: Pipeline, rule: Rule): Rule {
  return applySteps(pipeline.steps, rule, newContext(pipeline));
}

function applySteps(steps: readonly Step[], rule: Rule, context: Context): Rule {
  let current = rule;
  for (const step of steps) {
    if (!ruleHolds(step.ruleIf, current, context)) continue;
    const before = current;
    current = applyStep(step, current, context);
    const { type } = step.change;
    if (step.id !== null && (before !== current || type === 'set_state' || type === 'set_custom_attribute'))
      context.appliedToRule.add(step.id);
  }
  return current;
}

function applyStep(step: Step, rule: Rule, context: Context): Rule {
  const { change } = step;
  switch (change.type) {
    case 'rule_failure':
      throw new Refusal('pipeline', change.message);
    case 'set_state':
      context.state.set(change.key, change.value);
      return rule;
    case 'set_custom_attribute':
      context.custom.set(change.attribute, change.value);
      return rule;
    case 'add_field':
      return { ...rule, fields: [...new Set([...rule.fields, ...change.fields])] };
    case 'remove_field':
      return { ...rule, fields: rule.fields.filter((field) => !change.fields.includes(field)) };
    case 'set_field':
      return { ...rule, fields: change.fields };
    case 'nest':
      return applySteps(change.steps, rule, context);
    case 'change_logsource':
      return { ...rule, logsource: change.logsource };
    case 'add_condition': {
      const name = freeName(rule.detection);
      const added = { kind: 'selection', name } as const;
      const of = [rule.detection.condition, change.negated ? { kind: 'not' as const, of: added } : added];
      const detection = {
        ...rule.detection,
        selections: { ...rule.detection.selections, [name]: change.selection },
        condition: { kind: 'and' as const, of },
      };
      return { ...rule, detection };
    }
    case 'value_placeholders':
    case 'wildcard_placeholders':
      return rule;
    default:
      return changeSelections(rule, (item) => changeItem(step, item, context));
  }
}

function freeName(detection: Detection): string {
  let number = 1;
  while (`_pipeline_${number}` in detection.selections) number++;
  return `_pipeline_${number}`;
}

function changeSelections(rule: Rule, change: (item: FieldItem) => Selection | null): Rule {
  let changed = false;
  const selections: Record<string, Selection> = {};
  for (const [name, selection] of Object.entries(rule.detection.selections)) {
    const after = changeSelection(selection, change);
    if (after === null) throw new Refusal('pipeline', `nothing is left of selection '${name}'.`);
    if (after !== selection) changed = true;
    selections[name] = after;
  }
  return changed ? { ...rule, detection: { ...rule.detection, selections } } : rule;
}

function changeSelection(
  selection: Selection,
  change: (item: FieldItem) => Selection | null,
): Selection | null {
  if (selection.kind === 'field') return change(selection);
  if (selection.kind === 'keyword') return selection;
  const after = selection.of.map((part) => changeSelection(part, change));
  if (after.every((part, at) => part === selection.of[at])) return selection;
  const of = after.filter((part) => part !== null);
  return of.length === 0 ? null : { kind: selection.kind, of };
}

/** Steps with those inside of others in their place, asked under the conditions of both. */
function flattened(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) =>
    step.change.type === 'nest' ? flattened(step.change.steps.map((inner) => within(step, inner))) : [step],
  );
}

function within(outer: Step, inner: Step): Step {
  if (outer.ruleIf.of.length === 0) return inner;
  if (inner.ruleIf.of.length === 0) return { ...inner, ruleIf: outer.ruleIf };
  return { ...inner, ruleIf: both(outer.ruleIf, inner.ruleIf) };
}

function both<T>(left: ConditionSet<T>, right: ConditionSet<T>): ConditionSet<T> {
  const shift = left.of.length;
  return {
    of: [...left.of, ...right.of],
    join: 'and',
    expression: { kind: 'and', of: [asCondition(left, 0), asCondition(right, shift)] },
    negated: false,
  };
}

/** A set as an expression over the places of its members, counted from `shift`. */
function asCondition<T>({ of, join, expression, negated }: ConditionSet<T>, shift: number): Condition {
  const moved = (condition: Condition): Condition => {
    if (condition.kind === 'selection')
      return { kind: 'selection', name: String(Number(condition.name) + shift) };
    return condition.kind === 'not'
      ? { kind: 'not', of: moved(condition.of) }
      : { ...condition, of: condition.of.map(moved) };
  };
  const own: Condition = expression ?? {
    kind: join,
    of: of.map((_, at): Condition => ({ kind: 'selection', name: String(at) })),
  };
  return negated ? { kind: 'not', of: moved(own) } : moved(own);
}

/** Values for `|expand`, for `parseRules`: what pipelines with a placeholder step and `vars` give for the rule. */
export function placeholdersOf(pipelines: readonly Pipeline[]): NonNullable<ParseOptions['placeholders']> {
  return (name, { logsource }) => {
    for (const pipeline of pipelines) {
      for (const { change, ruleIf } of flattened(pipeline.steps)) {
        if (change.type !== 'value_placeholders' && change.type !== 'wildcard_placeholders') continue;
        if (change.include !== null && !change.include.includes(name)) continue;
        if (change.exclude.includes(name)) continue;
        const chosen = holds(
          ruleIf,
          (condition) => condition.type === 'logsource' && matchesLogSource(condition.logsource, logsource),
        );
        if (!chosen) continue;
        const values = change.type === 'wildcard_placeholders' ? ['*'] : pipeline.vars[name];
        if (values !== undefined) return values;
      }
    }
    return undefined;
  };
}

/** The names a field of this rule's events has after the pipelines: for group-by and counted fields of correlations. */
export function mapField(pipelines: readonly Pipeline[], rule: Rule, field: string): readonly string[] {
  let names: readonly string[] = [field];
  for (const pipeline of pipelines) {
    const context = newContext(pipeline);
    for (const step of flattened(pipeline.steps)) {
      if (ruleHolds(step.ruleIf, rule, context))
        names = names.flatMap((name) => fieldNames(step, name, context));
    }
  }
  return names;
}
