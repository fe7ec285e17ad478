import { searchText } from '#platform/events';
import { type Comparison, type Pattern, type Place, plainText, type Query, type Test } from './ast.ts';
import { aliases, type Catalogue, type FieldKind } from './catalogue.ts';
import type { Bind, Condition } from './condition.ts';
import { QuerySyntax } from './errors.ts';
import { freeText, tellingWord } from './free-text.ts';
import { addressRange } from './network.ts';
import { isUuid } from './uuid.ts';

/**
 * A query as a ClickHouse condition over the event table. The tenancy and the time are not its business.
 * @throws {QuerySyntax} for a value that its field can't have
 */
export function compile(query: Query, catalogue: Catalogue): Condition {
  const params: Record<string, unknown> = {};
  let next = 0;
  const bind: Bind = (value, type) => {
    const name = `p${next++}`;
    params[name] = value;
    return `{${name}:${type}}`;
  };
  return { sql: conditionOf(query, catalogue, bind), params };
}

function conditionOf(query: Query, catalogue: Catalogue, bind: Bind): string {
  switch (query.kind) {
    case 'everything':
      return '1';
    case 'and':
    case 'or':
      return `(${query.parts.map((part) => conditionOf(part, catalogue, bind)).join(query.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `NOT (${conditionOf(query.part, catalogue, bind)})`;
    case 'text':
      return freeText(query.pattern, searchText, bind);
    case 'field':
      return fieldCondition(query.name, query.test, query.place, catalogue, bind);
  }
}

function fieldCondition(name: string, test: Test, place: Place, catalogue: Catalogue, bind: Bind): string {
  const kind = catalogue.kindOf(name);
  if (kind !== undefined) return columnCondition(name, kind, test, { field: name, place }, bind);
  const several = aliases.get(name);
  const native = nativeCondition(name, test, bind);
  if (several === undefined) return native;
  // A value may fit one of the columns and not another (an address is no host name): those are left out, not an error.
  const fitting = several.flatMap((column) => {
    const columnKind = catalogue.kindOf(column);
    if (columnKind === undefined) return [];
    try {
      return [columnCondition(column, columnKind, test, { field: column, place }, bind)];
    } catch (error) {
      if (error instanceof QuerySyntax) return [];
      throw error;
    }
  });
  return `(${[...fitting, native].join(' OR ')})`;
}

type Where = { readonly field: string; readonly place: Place };

function columnCondition(column: string, kind: FieldKind, test: Test, where: Where, bind: Bind): string {
  switch (kind) {
    case 'text':
      return textCondition(column, test, bind);
    case 'texts':
      return test.op === 'present'
        ? `notEmpty(${column})`
        : `arrayExists(x -> ${textCondition('x', test, bind)}, ${column})`;
    case 'bytes':
      return textCondition(
        `lower(hex(${column}))`,
        test.op === 'exactly' ? { op: 'exactly', value: test.value.toLowerCase() } : test,
        bind,
      );
    case 'number':
      if (test.op === 'present') return `${column} != 0`;
      return orderedCondition(
        column,
        test,
        where,
        { takes: 'a number', value: numberOf, wildcards: true },
        bind,
      );
    case 'time':
      if (test.op === 'present') return '1';
      return orderedCondition(
        column,
        test,
        where,
        { takes: 'a time like 2026-03-02T10:00:00Z', value: timeOf, wildcards: false },
        bind,
      );
    case 'uuid':
      if (test.op === 'present') return '1';
      return orderedCondition(
        column,
        test,
        where,
        { takes: 'an id like 0190a0a0-0000-7000-8000-000000000001', value: uuidOf, wildcards: false },
        bind,
      );
    case 'address':
      return addressCondition(column, test, where, bind);
  }
}

function textCondition(column: string, test: Test, bind: Bind): string {
  switch (test.op) {
    case 'present':
      return `${column} != ''`;
    case 'exactly':
      return `${column} = ${bind(test.value, 'String')}`;
    case 'is':
      return patternCondition(column, test.pattern, bind);
    case 'compare':
      return `(${column} != '' AND ${column} ${test.comparison} ${bind(test.value, 'String')})`;
    case 'range':
      return `(${column} != '' AND ${between(column, test, (text) => bind(text, 'String'))})`;
  }
}

/** Whatever the case: rules say the same of values. */
export function patternCondition(column: string, pattern: Pattern, bind: Bind): string {
  const plain = plainText(pattern);
  if (plain !== undefined) return `lower(${column}) = lower(${bind(plain, 'String')})`;
  return `${column} ILIKE ${bind(likePattern(pattern), 'String')}`;
}

export function likePattern(pattern: Pattern): string {
  return pattern.parts
    .map((part) =>
      'literal' in part ? part.literal.replace(/[\\%_]/g, '\\$&') : part.wild === 'any' ? '%' : '_',
    )
    .join('');
}

type Ordered = {
  readonly takes: string;
  readonly value: (text: string, bind: Bind) => string | undefined;
  readonly wildcards: boolean;
};

/** Columns whose values have an order and a form of their own. */
function orderedCondition(
  column: string,
  test: Exclude<Test, { op: 'present' }>,
  where: Where,
  form: Ordered,
  bind: Bind,
): string {
  const bound = (text: string): string => form.value(text, bind) ?? refuse(where, text, form.takes);
  switch (test.op) {
    case 'is': {
      const plain = plainText(test.pattern);
      if (plain !== undefined) return `${column} = ${bound(plain)}`;
      if (!form.wildcards) return refuse(where, shown(test.pattern), form.takes);
      return `toString(${column}) LIKE ${bind(likePattern(test.pattern), 'String')}`;
    }
    case 'exactly':
      return `${column} = ${bound(test.value)}`;
    case 'compare':
      return `${column} ${test.comparison} ${bound(test.value)}`;
    case 'range':
      return between(column, test, bound);
  }
}

function addressCondition(column: string, test: Test, where: Where, bind: Bind): string {
  const takes = 'an address, a network like 10.0.0.0/8, or a beginning like 10.0.*';
  const range = (text: string) => addressRange(text) ?? refuse(where, text, takes);
  const bound = (text: string): string => `toIPv6(${bind(text, 'String')})`;
  const inside = (text: string): string => {
    const { first, last } = range(text);
    return first === last
      ? `${column} = ${bound(first)}`
      : `(${column} >= ${bound(first)} AND ${column} <= ${bound(last)})`;
  };
  switch (test.op) {
    case 'present':
      return `${column} != toIPv6('::')`;
    case 'exactly':
      return inside(test.value);
    case 'is': {
      const plain = plainText(test.pattern);
      // IPv4 is stored as IPv4 in IPv6 and written without.
      return plain !== undefined
        ? inside(plain)
        : `replaceOne(toString(${column}), '::ffff:', '') ILIKE ${bind(likePattern(test.pattern), 'String')}`;
    }
    case 'compare':
      return `${column} ${test.comparison} ${bound(range(test.value).first)}`;
    case 'range':
      return between(column, test, (text) => bound(range(text).first));
  }
}

/** What a value being there means for the words of the event: no narrower, but the index knows it. */
function indexed(condition: string, value: string, bind: Bind): string {
  const word = tellingWord(value);
  return word === undefined
    ? condition
    : `(${condition} AND hasToken(${searchText}, ${bind(word, 'String')}))`;
}

/** A producer's own field, by its own name. Its values are text: numbers and addresses are read from it where asked for. */
function nativeCondition(name: string, test: Test, bind: Bind): string {
  const value = `fields[${bind(name, 'String')}]`;
  switch (test.op) {
    case 'present':
      return `${value} != ''`;
    case 'exactly':
      return indexed(`${value} = ${bind(test.value, 'String')}`, test.value, bind);
    case 'is': {
      const plain = plainText(test.pattern);
      const network = plain?.includes('/') === true && !test.pattern.quoted ? addressRange(plain) : undefined;
      if (network === undefined) {
        const condition = patternCondition(value, test.pattern, bind);
        return plain === undefined ? condition : indexed(condition, plain, bind);
      }
      const address = `toIPv6OrZero(${value})`;
      return `(${address} != toIPv6('::') AND ${address} >= toIPv6(${bind(network.first, 'String')}) AND ${address} <= toIPv6(${bind(network.last, 'String')}))`;
    }
    case 'compare':
      return nativeOrder(
        value,
        [test.value],
        (column, bound) => `${column} ${test.comparison} ${bound(test.value)}`,
        bind,
      );
    case 'range':
      return nativeOrder(value, [test.low, test.high], (column, bound) => between(column, test, bound), bind);
  }
}

/** As numbers when every bound is one, else as text. */
function nativeOrder(
  value: string,
  bounds: readonly (string | null)[],
  condition: (column: string, bound: (text: string) => string) => string,
  bind: Bind,
): string {
  const numbers = bounds.every((text) => text === null || isNumber(text));
  if (!numbers) return `(${value} != '' AND ${condition(value, (text) => bind(text, 'String'))})`;
  return `ifNull(${condition(`toFloat64OrNull(${value})`, (text) => bind(Number(text), 'Float64'))}, 0)`;
}

function between(
  column: string,
  range: Extract<Test, { op: 'range' }>,
  bound: (text: string) => string,
): string {
  const parts: string[] = [];
  const low: Comparison = range.lowIncluded ? '>=' : '>';
  const high: Comparison = range.highIncluded ? '<=' : '<';
  if (range.low !== null) parts.push(`${column} ${low} ${bound(range.low)}`);
  if (range.high !== null) parts.push(`${column} ${high} ${bound(range.high)}`);
  return parts.length === 0 ? '1' : `(${parts.join(' AND ')})`;
}

const isNumber = (text: string): boolean => /^-?\d{1,15}(\.\d{1,9})?$/.test(text);
const numberOf = (text: string, bind: Bind): string | undefined =>
  isNumber(text) ? bind(Number(text), 'Float64') : undefined;

function timeOf(text: string, bind: Bind): string | undefined {
  const milliseconds = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  // Outside these years DateTime64 turns round.
  if (!(milliseconds >= Date.UTC(1900) && milliseconds < Date.UTC(2299))) return undefined;
  return `fromUnixTimestamp64Milli(${bind(milliseconds, 'Int64')}, 'UTC')`;
}

const uuidOf = (text: string, bind: Bind): string | undefined =>
  isUuid(text) ? `toUUID(${bind(text, 'String')})` : undefined;

const shown = (pattern: Pattern): string =>
  pattern.parts.map((part) => ('literal' in part ? part.literal : part.wild === 'any' ? '*' : '?')).join('');

function refuse({ field, place }: Where, text: string, takes: string): never {
  throw new QuerySyntax(
    `"${field}" does not take "${text.slice(0, 40)}"`,
    `It takes ${takes}.`,
    place.at,
    place.length,
  );
}
