import type { Condition, RawDocument, Rule } from '../ast.ts';
import { Refusal, type RuleFault } from '../faults.ts';
import { defaultLimits } from '../limits.ts';
import { parseCondition } from '../parse/condition.ts';
import { isRecord, readMetadata } from '../parse/metadata.ts';
import type { Bound, CorrelationRule, CorrelationType, Member } from './rule.ts';
import { resolveChains } from './chains.ts';

const types: readonly string[] = [
  'event_count',
  'value_count',
  'value_sum',
  'value_avg',
  'value_percentile',
  'temporal',
  'temporal_ordered',
  'temporal_extended',
  'temporal_ordered_extended',
] satisfies CorrelationType[];
const isType = (text: unknown): text is CorrelationType => typeof text === 'string' && types.includes(text);
const orders: readonly string[] = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] satisfies Bound['order'][];
const isOrder = (text: string): text is Bound['order'] => orders.includes(text);

const maxMembers = 64;
/** The work of one event grows with the square, and for conditions in words with the power set, of the members. */
const maxOrdered = { temporal_ordered: 16, temporal_ordered_extended: 8 } as const;
const maxFields = 16;
/** As many events as a group keeps by default. */
const maxCount = 100_000;
const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};

/** What a reference can lead to: detection rules and correlations, by id and by name. */
type Known = { readonly id: string; readonly name: string | null };

/**
 * Correlations with every reference resolved to an id; every document comes back as a rule or as a fault.
 * SOURCE: sigma-correlation-rules-specification 2.1.0, with the extended types of 2.2.
 *
 * @param rules that are active: a reference to a rule with a fault of its own is unresolved, and says so
 */
export function parseCorrelations(
  documents: readonly RawDocument[],
  rules: readonly Rule[],
): { readonly correlations: readonly CorrelationRule[]; readonly faults: readonly RuleFault[] } {
  const faults: RuleFault[] = [];
  const find = finder([...rules, ...documents.flatMap(nameOf)]);
  const parsed: CorrelationRule[] = [];
  for (const document of documents) {
    try {
      parsed.push(parseOne(document, find));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const id = document.document['id'];
      faults.push({
        file: document.file,
        line: document.line,
        ruleId: typeof id === 'string' ? id : null,
        what: error.what,
        why: error.message,
      });
    }
  }
  const chained = resolveChains(parsed, new Set(rules.map((rule) => rule.id)));
  return { correlations: chained.correlations, faults: [...faults, ...chained.faults] };
}

function nameOf({ document }: RawDocument): Known[] {
  try {
    const { id, name } = readMetadata(document);
    return [{ id, name }];
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}

function finder(known: readonly Known[]): (reference: string) => Known {
  const byId = new Map(known.map((one) => [one.id, one]));
  const byName = new Map<string, Known[]>();
  for (const one of known)
    if (one.name !== null) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  return (reference) => {
    const direct = byId.get(reference);
    if (direct) return direct;
    const named = byName.get(reference) ?? [];
    const [only] = named;
    if (only === undefined) throw refuse(`No active rule has the id or name '${reference}'.`);
    if (named.length > 1)
      throw refuse(`${named.length} rules are named '${reference}'; refer to one by its id.`);
    return only;
  };
}

function refuse(why: string): Refusal {
  return new Refusal('correlation', why);
}

function parseOne(
  { file, line, document }: RawDocument,
  find: (reference: string) => Known,
): CorrelationRule {
  const metadata = readMetadata(document);
  const raw = document['correlation'];
  if (!isRecord(raw)) throw refuse('The correlation is not a map.');
  const type = raw['type'];
  if (!isType(type)) throw refuse(`Correlation type '${String(type)}' is none of ${types.join(', ')}.`);
  const extended = type.endsWith('_extended');
  const groupBy = texts(raw['group-by'], 'group-by');
  const references = texts(raw['rules'], 'rules');
  const expressionText = extended ? conditionText(raw['condition']) : null;
  const named = references.length === 0 && expressionText !== null ? wordsOf(expressionText) : references;
  if (named.length === 0) throw refuse("The correlation refers to no rule: list them under 'rules'.");
  const atMost =
    type === 'temporal_ordered' || type === 'temporal_ordered_extended' ? maxOrdered[type] : maxMembers;
  if (named.length > atMost)
    throw refuse(`A ${type} refers to ${named.length} rules; the limit is ${atMost}.`);
  const known = named.map((reference) => ({ reference, ...find(reference) }));
  if (new Set(known.map(({ id }) => id)).size < known.length) throw refuse('The same rule is listed twice.');
  const aliases = readAliases(raw['aliases']);
  const members = known.map(
    ({ reference, id, name }): Member => ({
      id,
      name,
      groupFields: groupBy.map((field) => aliasOf(aliases, field, [reference, id, name])),
    }),
  );
  const counted = extended ? noBounds : readCondition(raw['condition'], type, members.length);
  return {
    ...metadata,
    file,
    line,
    type,
    members,
    groupBy,
    timespanMs: readTimespan(raw['timespan'] ?? raw['timeframe']),
    ...counted,
    expression: expressionText === null ? null : readExpression(expressionText, known),
    generate: readGenerate(raw['generate'] ?? document['generate']),
  };
}

function texts(value: unknown, key: string): string[] {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? value : [value];
  if (!list.every((item) => typeof item === 'string' && item !== ''))
    throw refuse(`'${key}' must be a list of texts.`);
  if (list.length > maxMembers)
    throw refuse(`'${key}' has ${list.length} entries; the limit is ${maxMembers}.`);
  return list.map(String);
}

function readTimespan(value: unknown): number {
  const found = typeof value === 'string' ? /^(\d{1,6})\s?([smhdwMy])$/.exec(value.trim()) : null;
  const spanMs = found === null ? 0 : Number(found[1]) * (unitMs[found[2] ?? ''] ?? 0);
  if (!(spanMs > 0))
    throw refuse(`Timespan '${String(value)}' is not a number above 0 and one of s, m, h, d: 15m.`);
  return spanMs;
}

function readGenerate(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw refuse("'generate' is true or false.");
  return value;
}

type Aliases = ReadonlyMap<string, ReadonlyMap<string, string>>;

function readAliases(value: unknown): Aliases {
  if (value === undefined || value === null) return new Map();
  if (!isRecord(value)) throw refuse("'aliases' is a map of alias to {rule name: field}.");
  return new Map(
    Object.entries(value).map(([alias, fields]) => {
      if (!isRecord(fields) || !Object.values(fields).every((field) => typeof field === 'string')) {
        throw refuse(`Alias '${alias}' is a map of rule name to field.`);
      }
      return [alias, new Map(Object.entries(fields).map(([rule, field]) => [rule, String(field)]))];
    }),
  );
}

/** A rule the alias says nothing about has the value under the alias's own name, as a chained correlation does. */
function aliasOf(aliases: Aliases, field: string, names: readonly (string | null)[]): string {
  const fields = aliases.get(field);
  for (const name of names) {
    const found = name === null ? undefined : fields?.get(name);
    if (found !== undefined) return found;
  }
  return field;
}

type Counted = Pick<CorrelationRule, 'bounds' | 'valueFields' | 'percentile'>;
const noBounds: Counted = { bounds: [], valueFields: [], percentile: null };

function readCondition(value: unknown, type: CorrelationType, members: number): Counted {
  const temporal = type === 'temporal' || type === 'temporal_ordered';
  if (temporal && (value === undefined || value === null))
    return { ...noBounds, bounds: [{ order: 'gte', value: members }] };
  if (typeof value === 'string')
    throw refuse(`A condition in words needs the type temporal_extended or temporal_ordered_extended.`);
  if (!isRecord(value)) throw refuse('The condition must be a map, such as {gte: 10}.');
  const { field, percentile, ...rest } = value;
  const bounds = Object.entries(rest).map(([order, limit]): Bound => {
    if (!isOrder(order)) throw refuse(`Condition '${order}' is none of ${orders.join(', ')}.`);
    if (typeof limit !== 'number' || !Number.isFinite(limit))
      throw refuse(`Condition '${order}' must be a number.`);
    return { order, value: limit };
  });
  if (bounds.length === 0) throw refuse(`The condition has none of ${orders.join(', ')}.`);
  const counts = type === 'event_count' || type === 'value_count';
  const tooMany = counts
    ? bounds.find(({ value, order }) => value >= maxCount && order !== 'lt' && order !== 'lte')
    : undefined;
  if (tooMany)
    throw refuse(
      `A window holds up to ${maxCount} events: '${tooMany.order}: ${tooMany.value}' would never be seen.`,
    );
  const valueFields = texts(field, 'field');
  if (valueFields.length > maxFields)
    throw refuse(`'field' has ${valueFields.length} entries; the limit is ${maxFields}.`);
  if (type.startsWith('value_')) {
    if (valueFields.length === 0) throw refuse(`A ${type} needs 'field' in its condition.`);
    if (type !== 'value_count' && valueFields.length > 1) throw refuse(`A ${type} takes one field.`);
  } else if (valueFields.length > 0) throw refuse(`A ${type} counts no values: leave 'field' out.`);
  return { bounds, valueFields, percentile: readPercentile(percentile, type) };
}

function readPercentile(value: unknown, type: CorrelationType): number | null {
  if (value === undefined || value === null) return null;
  if (type !== 'value_percentile') throw refuse(`A ${type} takes no 'percentile'.`);
  if (typeof value !== 'number' || !(value > 0 && value <= 100))
    throw refuse("'percentile' is a number above 0, up to 100.");
  return value;
}

function conditionText(value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw refuse("An extended correlation's condition is text, such as 'a and not b'.");
}

function wordsOf(condition: string): string[] {
  const reserved = new Set(['and', 'or', 'not', 'of', 'them', 'all', 'any']);
  const words = condition
    .split(/[\s()]+/)
    .filter((word) => word !== '' && !reserved.has(word.toLowerCase()) && !/^\d+$/.test(word));
  return [...new Set(words)];
}

function readExpression(
  text: string,
  known: readonly { reference: string; id: string; name: string | null }[],
): Condition {
  const condition = parseCondition(
    text,
    known.map(({ reference }) => reference),
    defaultLimits,
  );
  const ids = new Map(known.map(({ reference, id }) => [reference, id]));
  return renamed(condition, ids);
}

function renamed(condition: Condition, ids: ReadonlyMap<string, string>): Condition {
  switch (condition.kind) {
    case 'selection':
      return { kind: 'selection', name: ids.get(condition.name) ?? condition.name };
    case 'not':
      return { kind: 'not', of: renamed(condition.of, ids) };
    case 'atLeast':
      return { kind: 'atLeast', count: condition.count, of: condition.of.map((part) => renamed(part, ids)) };
    default:
      return { kind: condition.kind, of: condition.of.map((part) => renamed(part, ids)) };
  }
}
