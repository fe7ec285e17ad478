import type { Condition } from '../ast.ts';
import type { LogSource } from '../event.ts';
import { Refusal, type RuleFault } from '../faults.ts';
import { defaultLimits } from '../limits.ts';
import { readDocuments, type SourceFile } from '../parse/documents.ts';
import { parseCondition } from '../parse/condition.ts';
import { parseItem } from '../parse/item.ts';
import { isRecord, type Raw } from '../parse/metadata.ts';
import { compileRegex } from '../parse/regex.ts';
import { numberOf } from '../values/tests.ts';
import { parseAttribute } from './attributes.ts';
import type {
  Change,
  ConditionSet,
  FieldCondition,
  ItemCondition,
  Pipeline,
  RuleCondition,
  Step,
} from './pipeline.ts';

type Path = readonly (string | number)[];

/**
 * Reads pipelines in the ecosystem's YAML form. A step or condition that is not known makes the whole pipeline a fault:
 * half a pipeline would change what rules mean.
 */
export function parsePipelines(files: readonly SourceFile[]): {
  readonly pipelines: readonly Pipeline[];
  readonly faults: readonly RuleFault[];
} {
  const pipelines: Pipeline[] = [];
  const faults: RuleFault[] = [];
  for (const file of files) {
    const read = readDocuments(file, defaultLimits);
    faults.push(...read.faults);
    for (const document of read.documents) {
      try {
        pipelines.push(parsePipeline(document.value, file.path));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        faults.push({
          file: file.path,
          line: document.locate(error.path),
          ruleId: null,
          what: 'pipeline',
          why: error.message,
        });
      }
    }
  }
  pipelines.sort((a, b) => a.priority - b.priority);
  return { pipelines, faults };
}

function refuse(why: string, path: Path): Refusal {
  return new Refusal('pipeline', why, path);
}

function parsePipeline(value: unknown, file: string): Pipeline {
  if (!isRecord(value)) throw refuse('The pipeline is not a map.', []);
  const steps = value['transformations'] ?? [];
  if (!Array.isArray(steps)) throw refuse("'transformations' is a list.", ['transformations']);
  for (const key of ['postprocessing', 'finalizers']) {
    if (value[key] !== undefined)
      throw refuse(`'${key}' changes the text of queries, which there are none of here.`, [key]);
  }
  const priority = value['priority'] ?? 0;
  if (typeof priority !== 'number') throw refuse("'priority' is a number.", ['priority']);
  return {
    name: typeof value['name'] === 'string' ? value['name'] : file,
    file,
    priority,
    vars: value['vars'] === undefined ? {} : textLists(value['vars'], ['vars']),
    steps: steps.map((step, index) => parseStep(step, ['transformations', index])),
    keepOriginal: value['keep_original'] === true,
  };
}

function parseStep(value: unknown, path: Path): Step {
  if (!isRecord(value)) throw refuse('A transformation is a map.', path);
  const id = value['id'];
  return {
    id: typeof id === 'string' ? id : null,
    ruleIf: parseConditions(value, 'rule', path, parseRuleCondition),
    itemIf: parseConditions(value, 'detection_item', path, parseItemCondition),
    fieldIf: parseConditions(value, 'field_name', path, parseFieldCondition),
    change: parseChange(value, path),
  };
}

const operators: Readonly<Record<string, string>> = {
  rule: 'rule_cond_op',
  detection_item: 'detection_item_cond_op',
  field_name: 'field_name_cond_op',
};
const negations: Readonly<Record<string, string>> = {
  rule: 'rule_cond_not',
  detection_item: 'detection_item_cond_not',
  field_name: 'field_name_cond_not',
};

function parseConditions<T>(
  step: Raw,
  kind: string,
  path: Path,
  parse: (raw: Raw, type: unknown, at: Path) => T,
): ConditionSet<T> {
  const list = step[`${kind}_conditions`] ?? [];
  const at = [...path, `${kind}_conditions`];
  const expression = step[`${kind}_cond_expr`];
  if (expression !== undefined) {
    if (step[operators[kind] ?? ''] !== undefined)
      throw refuse(`'${kind}_cond_expr' and '${operators[kind]}' exclude each other.`, path);
    return parseNamed(kind, list, text(step, `${kind}_cond_expr`, path), step, at, parse);
  }
  if (!Array.isArray(list))
    throw refuse(`'${kind}_conditions' is a list, or a map of names with '${kind}_cond_expr'.`, at);
  const join = step[operators[kind] ?? ''] ?? 'and';
  if (join !== 'and' && join !== 'or') throw refuse(`'${operators[kind]}' is 'and' or 'or'.`, path);
  return {
    of: list.map((raw, index) => {
      if (!isRecord(raw)) throw refuse('A condition is a map.', [...at, index]);
      return parse(raw, raw['type'], [...at, index]);
    }),
    join,
    expression: null,
    negated: step[negations[kind] ?? ''] === true,
  };
}

/** Conditions that have names, and an expression over them. */
function parseNamed<T>(
  kind: string,
  named: unknown,
  expression: string,
  step: Raw,
  at: Path,
  parse: (raw: Raw, type: unknown, at: Path) => T,
): ConditionSet<T> {
  if (!isRecord(named))
    throw refuse(`With '${kind}_cond_expr', '${kind}_conditions' is a map of names to conditions.`, at);
  const names = Object.keys(named);
  return {
    of: Object.entries(named).map(([name, raw]) => {
      if (!isRecord(raw)) throw refuse('A condition is a map.', [...at, name]);
      return parse(raw, raw['type'], [...at, name]);
    }),
    join: 'and',
    expression: numbered(parseCondition(expression, names, defaultLimits), names),
    negated: step[negations[kind] ?? ''] === true,
  };
}

function numbered(condition: Condition, names: readonly string[]): Condition {
  switch (condition.kind) {
    case 'selection':
      return { kind: 'selection', name: String(names.indexOf(condition.name)) };
    case 'not':
      return { kind: 'not', of: numbered(condition.of, names) };
    default:
      return { ...condition, of: condition.of.map((part) => numbered(part, names)) };
  }
}

type Shared =
  | { type: 'processing_item_applied'; id: string }
  | { type: 'processing_state'; key: string; value: string };

function parseShared(raw: Raw, type: unknown, at: Path): Shared {
  if (type === 'processing_item_applied') return { type, id: text(raw, 'processing_item_id', at) };
  if (type === 'processing_state')
    return { type, key: text(raw, 'key', at), value: String(scalar(raw, 'val', at)) };
  throw refuse(`There is no condition '${String(type)}' here.`, at);
}

function parseRuleCondition(raw: Raw, type: unknown, at: Path): RuleCondition {
  switch (type) {
    case 'logsource':
      return { type, logsource: readLogSourceWords(raw, at) };
    case 'contains_field':
      return { type, field: text(raw, 'field', at) };
    case 'contains_detection_item':
      return { type, field: text(raw, 'field', at), value: String(scalar(raw, 'value', at)) };
    case 'tag':
      return { type, tag: text(raw, 'tag', at) };
    case 'rule_attribute':
      return parseAttribute(raw, at);
    case 'is_sigma_rule':
    case 'is_sigma_correlation_rule':
      return { type };
    case 'taxonomy':
      return { type, taxonomy: text(raw, 'taxonomy', at) };
    default:
      return parseShared(raw, type, at);
  }
}

function parseItemCondition(raw: Raw, type: unknown, at: Path): ItemCondition {
  const cond = raw['cond'] ?? 'any';
  if (cond !== 'any' && cond !== 'all') throw refuse("'cond' is 'any' or 'all'.", at);
  switch (type) {
    case 'match_string':
      return { type, pattern: regex(raw, 'pattern', at), cond, negate: raw['negate'] === true };
    case 'match_value':
      return { type, value: String(scalar(raw, 'value', at)), cond };
    case 'is_null':
    case 'contains_wildcard':
      return { type };
    default:
      return parseShared(raw, type, at);
  }
}

function parseFieldCondition(raw: Raw, type: unknown, at: Path): FieldCondition {
  if (type !== 'include_fields' && type !== 'exclude_fields') return parseShared(raw, type, at);
  const mode = raw['match_type'] ?? raw['mode'] ?? 'plain';
  if (mode !== 'plain' && mode !== 're') throw refuse("'match_type' is 'plain' or 're'.", at);
  const fields = texts(raw['fields'], [...at, 'fields']);
  if (mode === 're') for (const field of fields) checkRegex(field, at);
  return { type, fields, pattern: mode === 're' };
}

function parseChange(raw: Raw, path: Path): Change {
  const type = raw['type'];
  switch (type) {
    case 'field_name_mapping':
    case 'field_name_prefix_mapping':
    case 'map_string':
      return { type, mapping: textLists(raw['mapping'], [...path, 'mapping']) };
    case 'field_name_prefix':
      return { type, prefix: text(raw, 'prefix', path) };
    case 'field_name_suffix':
      return { type, suffix: text(raw, 'suffix', path) };
    case 'drop_detection_item':
      return { type };
    case 'add_condition':
      return parseAddCondition(raw, path);
    case 'change_logsource':
      return { type, logsource: readLogSourceWords(raw, path) };
    case 'replace_string':
      return {
        type,
        regex: regex(raw, 'regex', path),
        replacement: text(raw, 'replacement', path),
        skipSpecial: raw['skip_special'] === true,
        interpretSpecial: raw['interpret_special'] === true,
      };
    case 'regex': {
      const method = oneOf(raw, 'method', ['plain', 'ignore_case_flag', 'ignore_case_brackets'], path, 2);
      return { type, ignoreCase: method !== 'plain' };
    }
    case 'convert_type':
      return { type, target: oneOf(raw, 'target_type', ['str', 'num'], path) };
    case 'hashes_fields':
      return {
        type,
        algorithms: texts(raw['valid_hash_algos'], [...path, 'valid_hash_algos']),
        prefix: raw['field_prefix'] === undefined ? '' : text(raw, 'field_prefix', path),
        dropAlgorithm: raw['drop_algo_prefix'] === true,
      };
    case 'add_field':
    case 'remove_field':
      return { type, fields: texts(raw['field'], [...path, 'field']) };
    case 'set_field':
      return { type, fields: texts(raw['fields'], [...path, 'fields']) };
    case 'set_custom_attribute':
      return {
        type,
        attribute: text(raw, 'attribute', path),
        value: String(scalar(raw, 'value', path)),
      };
    case 'nest': {
      const items = raw['items'];
      if (!Array.isArray(items)) throw refuse("'items' is a list of transformations.", [...path, 'items']);
      if (path.length > 2 * mostNested) throw refuse(`Steps are nested deeper than ${mostNested}.`, path);
      return { type, steps: items.map((item, index) => parseStep(item, [...path, 'items', index])) };
    }
    case 'set_value':
      return { type, value: fixedValue(raw, path) };
    case 'query_expression_placeholders':
      throw refuse(`'${type}' writes into the text of queries, which there are none of here.`, path);
    case 'field_name_transform':
      throw refuse(`'${type}' names a function of another program: list the names in a mapping.`, path);
    case 'case': {
      const method = raw['method'];
      if (method !== 'lower' && method !== 'upper') throw refuse("'method' is 'lower' or 'upper'.", path);
      return { type, method };
    }
    case 'set_state':
      return { type, key: text(raw, 'key', path), value: String(scalar(raw, 'val', path)) };
    case 'rule_failure':
    case 'detection_item_failure':
      return { type, message: text(raw, 'message', path) };
    case 'value_placeholders':
    case 'wildcard_placeholders':
      return {
        type,
        include: raw['include'] === undefined ? null : texts(raw['include'], [...path, 'include']),
        exclude: raw['exclude'] === undefined ? [] : texts(raw['exclude'], [...path, 'exclude']),
      };
    default:
      throw refuse(`There is no transformation '${String(type)}' here.`, [...path, 'type']);
  }
}

const mostNested = 8;

function oneOf<Word extends string>(
  raw: Raw,
  key: string,
  words: readonly Word[],
  at: Path,
  fallback?: number,
): Word {
  const value = raw[key] ?? (fallback === undefined ? undefined : words[fallback]);
  const word = words.find((known) => known === value);
  if (word === undefined) throw refuse(`'${key}' is one of ${words.join(', ')}.`, [...at, key]);
  return word;
}

function fixedValue(raw: Raw, path: Path): string | number | boolean | null {
  const value = raw['value'];
  const forced = raw['force_type'];
  if (forced !== undefined) {
    const type = oneOf(raw, 'force_type', ['str', 'num'], path);
    if (type === 'str') return String(scalar(raw, 'value', path));
    const number = numberOf(String(scalar(raw, 'value', path)));
    if (number === undefined) throw refuse(`'${String(value)}' is no number.`, [...path, 'value']);
    return number;
  }
  return value === null ? null : scalar(raw, 'value', path);
}

function parseAddCondition(raw: Raw, path: Path): Change {
  const conditions = raw['conditions'];
  if (!isRecord(conditions) || Object.keys(conditions).length === 0)
    throw refuse("'conditions' is a map of field to value.", path);
  if (raw['template'] === true) throw refuse("'template' is not supported.", path);
  const context = { limits: defaultLimits, placeholders: () => undefined };
  const left = { tests: defaultLimits.tests };
  const of = Object.entries(conditions).map(([key, value]) =>
    parseItem(key, value, [...path, 'conditions', key], context, left),
  );
  return { type: 'add_condition', selection: { kind: 'and', of }, negated: raw['negated'] === true };
}

function readLogSourceWords(raw: Raw, at: Path): LogSource {
  const found: { product?: string; category?: string; service?: string } = {};
  for (const key of ['product', 'category', 'service'] as const) {
    if (raw[key] !== undefined && raw[key] !== null) found[key] = text(raw, key, at).toLowerCase();
  }
  if (Object.keys(found).length === 0)
    throw refuse('A log source names a product, a category or a service.', at);
  return found;
}

const noFlags = { ignoreCase: false, multiLine: false, dotAll: false };

function regex(raw: Raw, key: string, at: Path): string {
  const source = text(raw, key, at);
  checkRegex(source, [...at, key]);
  return source;
}

function checkRegex(source: string, at: Path): void {
  const compiled = compileRegex(source, noFlags);
  if ('refused' in compiled) throw refuse(`The regular expression is refused: ${compiled.refused}`, at);
}

function text(raw: Raw, key: string, at: Path): string {
  const value = raw[key];
  if (typeof value !== 'string') throw refuse(`'${key}' is a text.`, [...at, key]);
  return value;
}

function scalar(raw: Raw, key: string, at: Path): string | number | boolean {
  const value = raw[key];
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw refuse(`'${key}' is a text, a number, true or false.`, [...at, key]);
}

function texts(value: unknown, at: Path): readonly string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (typeof item === 'string') return item;
    if (typeof item === 'number') return String(item);
    throw refuse('A text, or a list of texts, is missing here.', at);
  });
}

function textLists(value: unknown, at: Path): Readonly<Record<string, readonly string[]>> {
  if (!isRecord(value)) throw refuse('A map is missing here.', at);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, texts(item, [...at, key])]));
}
