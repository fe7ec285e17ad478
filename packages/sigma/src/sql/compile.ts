import { RE2JS } from 're2js';
import type { Condition, FieldItem, KeywordItem, Rule, Selection, Test } from '../ast.ts';
import { Refusal, type RuleFault } from '../faults.ts';
import { appliesTo } from '../ruleset.ts';
import { Funds } from '../values/meter.ts';
import { scalarTest } from '../values/tests.ts';
import { promotedColumns, unsaid } from './columns.ts';
import { logsourceSql } from './logsource.ts';
import { newParams, type Params } from './params.ts';
import { anySql, plainSql } from './tests.ts';

/** A WHERE over the event table; every value of the rule is a parameter, `{p1:String}` in the text. */
export type RuleSql =
  | {
      readonly ok: true;
      readonly where: string;
      readonly params: Readonly<Record<string, string | number | readonly string[]>>;
    }
  | { readonly ok: false; readonly fault: RuleFault };

/** The store refuses longer queries. */
const mostCharacters = 100_000;

/**
 * The rule as a hunt: rows for which the WHERE holds are the events for which the rule does, as far as the table keeps
 * them. What it does not keep: JSON null and empty lists (both are absent), and what a cap cut (`quality` says so).
 */
export function ruleSql(rule: Rule): RuleSql {
  const params = newParams();
  const columns = promotedColumns.find(({ when }) => appliesTo(when, rule.logsource))?.columns ?? {};
  try {
    const selections = new Map(
      Object.entries(rule.detection.selections).map(([name, selection]) => [
        name,
        selectionSql(selection, { params, columns }),
      ]),
    );
    const where = `${logsourceSql(rule.logsource, params)} AND ${conditionSql(rule.detection.condition, selections)}`;
    if (where.length > mostCharacters)
      throw new Refusal(
        'too-large',
        `As SQL the rule has ${where.length} characters; the limit is ${mostCharacters}.`,
      );
    return { ok: true, where, params: params.values() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      ok: false,
      fault: { file: rule.file, line: rule.line, ruleId: rule.id, what: error.what, why: error.message },
    };
  }
}

type Context = { readonly params: Params; readonly columns: Readonly<Record<string, string>> };

function conditionSql(condition: Condition, selections: ReadonlyMap<string, string>): string {
  switch (condition.kind) {
    case 'selection':
      return selections.get(condition.name) ?? '0';
    case 'not':
      return `NOT ${conditionSql(condition.of, selections)}`;
    case 'and':
    case 'or':
      return joined(
        condition.kind,
        condition.of.map((part) => conditionSql(part, selections)),
      );
    case 'atLeast':
      return `(${condition.of.map((part) => `toUInt8(${conditionSql(part, selections)})`).join(' + ')} >= ${condition.count})`;
  }
}

function joined(kind: 'and' | 'or', parts: readonly string[]): string {
  return `(${parts.join(kind === 'and' ? ' AND ' : ' OR ')})`;
}

function selectionSql(selection: Selection, context: Context): string {
  switch (selection.kind) {
    case 'and':
    case 'or':
      return joined(
        selection.kind,
        selection.of.map((part) => selectionSql(part, context)),
      );
    case 'keyword':
      return keywordSql(selection, context);
    case 'field':
      return fieldSql(selection, context);
  }
}

/** Elements of a list of scalars, which the table keeps as JSON; what only looks like one is a text. */
const isList = (v: string) => `startsWith(${v}, '[') AND isValidJSON(${v})`;
const elements = (v: string) =>
  `arrayMap(e -> if(startsWith(e, '"'), JSONExtractString(e), e), arrayFilter(e -> e != 'null', JSONExtractArrayRaw(${v})))`;

function onText(v: string, tests: readonly Test[], params: Params): string {
  return `if(${isList(v)}, arrayExists(x -> ${anySql(tests, 'x', params)}, ${elements(v)}), ${anySql(tests, v, params)})`;
}

function keywordSql({ tests, join, negated }: KeywordItem, { params }: Context): string {
  const one = (some: readonly Test[]) => `arrayExists(v -> ${onText('v', some, params)}, mapValues(fields))`;
  const all =
    join === 'all'
      ? joined(
          'and',
          tests.map((test) => one([test])),
        )
      : one(tests);
  return negated ? `NOT ${all}` : all;
}

function fieldSql(item: FieldItem, context: Context): string {
  const onField = item.tests.filter(
    ({ kind }) => kind === 'null' || kind === 'exists' || kind === 'fieldref',
  );
  const onValue = item.tests.filter((test) => !onField.includes(test));
  const special = onField.map((test) => specialSql(test, item.field, context));
  const groups = item.join === 'all' ? onValue.map((test) => [test]) : onValue.length === 0 ? [] : [onValue];
  const parts = [...special, ...groups.map((tests) => valueSql(item.field, tests, context))];
  const whole = joined(item.join === 'all' ? 'and' : 'or', parts);
  return item.negated ? `NOT ${whole}` : whole;
}

function specialSql(test: Test, field: string, { params }: Context): string {
  const absent = `NOT arrayExists(k -> ${namedSql(field, 'k', true, params)}, mapKeys(fields))`;
  switch (test.kind) {
    case 'null':
      return absent;
    case 'exists':
      return test.expected ? `NOT (${absent})` : absent;
    case 'fieldref': {
      const fold = (x: string) => (test.cased ? x : `lowerUTF8(${x})`);
      const related = plainSql(test.match, fold('a'), fold('b'));
      return `arrayExists(a -> arrayExists(b -> ${related}, ${textsSql(test.field, params)}), ${textsSql(field, params)})`;
    }
    default:
      throw new Refusal('internal', `A '${test.kind}' test is one of a value.`);
  }
}

function valueSql(field: string, tests: readonly Test[], { params, columns }: Context): string {
  const name = params.text(field);
  const here = `mapContains(fields, ${name}) AND ${onText(`fields[${name}]`, tests, params)}`;
  if (field.includes('.')) {
    // A path through a list of objects: its keys in the table have the place in the list as a step.
    const inside = `arrayExists((k, v) -> ${namedSql(field, 'k', false, params)} AND ${onText('v', tests, params)}, mapKeys(fields), mapValues(fields))`;
    return `if(mapContains(fields, ${name}), ${onText(`fields[${name}]`, tests, params)}, ${inside})`;
  }
  const column = Object.hasOwn(columns, field) ? columns[field] : undefined;
  return column !== undefined && tests.every(saysSomething)
    ? `(${onText(column, tests, params)} AND ${here})`
    : `(${here})`;
}

/** False where the test holds of a value that a column leaves out. */
function saysSomething(test: Test): boolean {
  const scalar = scalarTest(test);
  const funds = new Funds(1e6, 1e6);
  return !unsaid.some((text) => scalar.text(text, text, funds));
}

/** What a field holds, as a list of texts. */
function textsSql(field: string, params: Params): string {
  const name = params.text(field);
  const texts = (value: string): string => `if(${isList(value)}, ${elements(value)}, [${value}])`;
  const below = field.includes('.')
    ? `arrayFlatten(arrayMap((k, v) -> if(${namedSql(field, 'k', false, params)}, ${texts('v')}, emptyArrayString()), mapKeys(fields), mapValues(fields)))`
    : 'emptyArrayString()';
  return `if(mapContains(fields, ${name}), ${texts(`fields[${name}]`)}, ${below})`;
}

/** Whether the key `k` is the field, or with `below` one inside it. */
function namedSql(field: string, k: string, below: boolean, params: Params): string {
  if (!field.includes('.'))
    return below
      ? `(${k} = ${params.text(field)} OR startsWith(${k}, ${params.text(`${field}.`)}))`
      : `${k} = ${params.text(field)}`;
  const steps = field.split('.').map((step) => `${RE2JS.quote(step)}(\\.\\d+)*`);
  return `match(${k}, ${params.text(`^${steps.join('\\.')}${below ? '(\\.|$)' : '$'}`)})`;
}
