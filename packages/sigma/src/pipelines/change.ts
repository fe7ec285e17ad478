import { RE2JS } from 're2js';
import type { Condition, FieldItem, Rule, Selection, Test } from '../ast.ts';
import { Refusal } from '../faults.ts';
import { parsePattern, patternTest } from '../parse/pattern.ts';
import { attributeHolds } from './attributes.ts';
import { matchesLogSource } from './conditions.ts';
import { hashFields } from './hashes.ts';
import type {
  Change,
  ConditionSet,
  FieldCondition,
  ItemCondition,
  Pipeline,
  RuleCondition,
  Step,
} from './pipeline.ts';
import { asRegex, converted, mapTexts, replaceTexts, textsOf } from './values.ts';

/** What one pipeline has done to one rule so far. */
export type Context = {
  readonly pipeline: Pipeline;
  readonly state: Map<string, string>;
  readonly custom: Map<string, string>;
  readonly appliedToRule: Set<string>;
  readonly appliedToItem: WeakMap<FieldItem, ReadonlySet<string>>;
};

/** @param test one condition of the set */
export function holds<T>(set: ConditionSet<T>, test: (condition: T) => boolean): boolean {
  if (set.of.length === 0) return true;
  if (set.expression !== null) {
    const found = set.of.map(test);
    return conditionHolds(set.expression, (name) => found[Number(name)] ?? false) !== set.negated;
  }
  return (set.join === 'and' ? set.of.every(test) : set.of.some(test)) !== set.negated;
}

function conditionHolds(condition: Condition, holdsOf: (name: string) => boolean): boolean {
  switch (condition.kind) {
    case 'selection':
      return holdsOf(condition.name);
    case 'not':
      return !conditionHolds(condition.of, holdsOf);
    default: {
      const held = condition.of.filter((part) => conditionHolds(part, holdsOf)).length;
      if (condition.kind === 'and') return held === condition.of.length;
      return held >= (condition.kind === 'or' ? 1 : condition.count);
    }
  }
}

export function ruleHolds(set: ConditionSet<RuleCondition>, rule: Rule, context: Context): boolean {
  return holds(set, (condition) => {
    switch (condition.type) {
      case 'logsource':
        return matchesLogSource(condition.logsource, rule.logsource);
      case 'contains_field':
        return itemsOf(rule).some(({ field }) => field === condition.field);
      case 'contains_detection_item':
        return itemsOf(rule).some(
          ({ field, tests }) => field === condition.field && textsOf(tests).includes(condition.value),
        );
      case 'tag':
        return rule.tags.includes(condition.tag);
      case 'rule_attribute':
        return attributeHolds(condition, rule, context.custom);
      case 'is_sigma_rule':
        return true;
      case 'is_sigma_correlation_rule':
        return false;
      case 'taxonomy':
        return rule.taxonomy === condition.taxonomy;
      case 'processing_item_applied':
        return context.appliedToRule.has(condition.id);
      case 'processing_state':
        return context.state.get(condition.key) === condition.value;
    }
  });
}

function itemsOf(rule: Rule): FieldItem[] {
  const found: FieldItem[] = [];
  const walk = (selection: Selection): void => {
    if (selection.kind === 'field') found.push(selection);
    else if (selection.kind !== 'keyword') selection.of.forEach(walk);
  };
  Object.values(rule.detection.selections).forEach(walk);
  return found;
}

function itemHolds(set: ConditionSet<ItemCondition>, item: FieldItem, context: Context): boolean {
  return holds(set, (condition) => {
    switch (condition.type) {
      case 'match_string': {
        const regex = RE2JS.compile(condition.pattern);
        const found = textsOf(item.tests).map((text) => regex.matcher(text).find());
        return (condition.cond === 'any' ? found.some(Boolean) : found.every(Boolean)) !== condition.negate;
      }
      case 'match_value': {
        const found = item.tests.map((test) => textsOf([test]).includes(condition.value));
        return condition.cond === 'any' ? found.some(Boolean) : found.every(Boolean);
      }
      case 'is_null':
        return item.tests.some(({ kind }) => kind === 'null');
      case 'contains_wildcard':
        return item.tests.some(({ kind }) =>
          ['startsWith', 'endsWith', 'contains', 'wildcard'].includes(kind),
        );
      case 'processing_item_applied':
        return context.appliedToItem.get(item)?.has(condition.id) ?? false;
      case 'processing_state':
        return context.state.get(condition.key) === condition.value;
    }
  });
}

function fieldHolds(
  set: ConditionSet<FieldCondition>,
  field: string,
  item: FieldItem | null,
  context: Context,
): boolean {
  return holds(set, (condition) => {
    switch (condition.type) {
      case 'include_fields':
      case 'exclude_fields': {
        const among = condition.pattern
          ? condition.fields.some((pattern) => RE2JS.compile(pattern).matcher(field).matches())
          : condition.fields.includes(field);
        return among === (condition.type === 'include_fields');
      }
      case 'processing_item_applied':
        return item !== null && (context.appliedToItem.get(item)?.has(condition.id) ?? false);
      case 'processing_state':
        return context.state.get(condition.key) === condition.value;
    }
  });
}

/** @returns the same item where the step does not touch it; null where it is dropped; @throws {Refusal} */
export function changeItem(step: Step, item: FieldItem, context: Context): Selection | null {
  if (!fieldHolds(step.fieldIf, item.field, item, context) || !itemHolds(step.itemIf, item, context))
    return item;
  const { change } = step;
  if (change.type === 'detection_item_failure') throw new Refusal('pipeline', change.message);
  if (change.type === 'drop_detection_item') return null;
  if (change.type === 'hashes_fields') return hashFields(change, item);
  const tests = changeTests(change, item, step, context);
  if (item.join === 'all' && tests.length > item.tests.length) {
    throw new Refusal(
      'pipeline',
      `one value of '${item.field}' becomes several, and all of them would have to hold.`,
    );
  }
  const names = renamed(change, item.field);
  if (tests === item.tests && names.length === 1 && names[0] === item.field) return item;
  const applied = new Set([
    ...(context.appliedToItem.get(item) ?? []),
    ...(step.id === null ? [] : [step.id]),
  ]);
  const items = names.map((field): FieldItem => {
    const copy = { ...item, field, tests };
    context.appliedToItem.set(copy, applied);
    return copy;
  });
  const [only] = items;
  if (items.length === 1 && only) return only;
  // Any of the names may have the value; "not equal" and "is null" must hold of all of them.
  const everywhere =
    item.negated || tests.some((test) => test.kind === 'null' || (test.kind === 'exists' && !test.expected));
  return { kind: everywhere ? 'and' : 'or', of: items };
}

export function fieldNames(step: Step, field: string, context: Context): readonly string[] {
  return fieldHolds(step.fieldIf, field, null, context) ? renamed(step.change, field) : [field];
}

function renamed(change: Change, field: string): readonly string[] {
  switch (change.type) {
    case 'field_name_mapping': {
      const names = Object.hasOwn(change.mapping, field) ? change.mapping[field] : undefined;
      return names === undefined || names.length === 0 ? [field] : names;
    }
    case 'field_name_prefix_mapping': {
      const prefix = Object.keys(change.mapping).find((start) => field.startsWith(start));
      return prefix === undefined
        ? [field]
        : (change.mapping[prefix] ?? []).map((to) => to + field.slice(prefix.length));
    }
    case 'field_name_prefix':
      return [change.prefix + field];
    case 'field_name_suffix':
      return [field + change.suffix];
    default:
      return [field];
  }
}

function changeTests(change: Change, item: FieldItem, step: Step, context: Context): readonly Test[] {
  switch (change.type) {
    case 'field_name_mapping':
    case 'field_name_prefix_mapping':
    case 'field_name_prefix':
    case 'field_name_suffix':
      return changeReferences(item.tests, step, context);
    case 'replace_string': {
      const regex = RE2JS.compile(change.regex);
      const replace = (text: string): string => regex.matcher(text).replaceAll(change.replacement);
      return replaceTexts(item.tests, replace, change);
    }
    case 'map_string':
      return mapTexts(item.tests, (text) =>
        Object.hasOwn(change.mapping, text) ? (change.mapping[text] ?? [text]) : [text],
      );
    case 'case':
      return mapTexts(item.tests, (text) => [
        change.method === 'lower' ? text.toLowerCase() : text.toUpperCase(),
      ]);
    case 'regex':
      return item.tests.map((test) => asRegex(test, change.ignoreCase));
    case 'convert_type':
      return converted(item.tests, change.target);
    case 'set_value':
      if (change.value === null) return [{ kind: 'null' }];
      if (typeof change.value === 'boolean')
        return [{ kind: 'equals', text: String(change.value), cased: false }];
      if (typeof change.value === 'number')
        return [{ kind: 'number', value: change.value, text: String(change.value) }];
      return [patternTest(parsePattern(change.value), { start: true, end: true }, false)];
    default:
      return item.tests;
  }
}

/** A reference to another field follows that field to its new name, which must be one. */
function changeReferences(tests: readonly Test[], step: Step, context: Context): readonly Test[] {
  if (!tests.some(({ kind }) => kind === 'fieldref')) return tests;
  return tests.flatMap((test): Test[] =>
    test.kind === 'fieldref'
      ? fieldNames(step, test.field, context).map((field) => ({ ...test, field }))
      : [test],
  );
}
