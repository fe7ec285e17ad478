import type { Rule } from '../ast.ts';
import { Refusal } from '../faults.ts';
import type { Raw } from '../parse/metadata.ts';
import type { Comparison, RuleCondition } from './pipeline.ts';

type Attribute = Extract<RuleCondition, { type: 'rule_attribute' }>;

/** Lowest first: their order is what `gt` and its kin ask about. */
const orders: Readonly<Record<string, readonly string[]>> = {
  level: ['informational', 'low', 'medium', 'high', 'critical'],
  status: ['unsupported', 'deprecated', 'experimental', 'test', 'stable'],
};
const dates = ['date', 'modified'];
const comparisons: readonly Comparison[] = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'not_in'];

/** @throws {Refusal} where the attribute can't be compared in this way */
export function parseAttribute(raw: Raw, at: readonly (string | number)[]): Attribute {
  const refuse = (why: string): Refusal => new Refusal('pipeline', why, at);
  const { attribute, value } = raw;
  const op = comparisons.find((known) => known === (raw['op'] ?? 'eq'));
  if (typeof attribute !== 'string') throw refuse("'attribute' is a text.");
  if (op === undefined) throw refuse(`'op' is one of ${comparisons.join(', ')}.`);
  if (typeof value !== 'string' && typeof value !== 'number') throw refuse("'value' is a text or a number.");
  const text = String(value);
  const order = Object.hasOwn(orders, attribute) ? orders[attribute] : undefined;
  if (order !== undefined && !order.includes(text.toLowerCase()))
    throw refuse(`'${text}' is no ${attribute}: ${order.join(', ')}.`);
  if (dates.includes(attribute) && !/^\d{4}-\d\d-\d\d$/.test(text))
    throw refuse(`'${text}' is no date of the form 2024-12-31.`);
  return { type: 'rule_attribute', attribute, op, value: order === undefined ? text : text.toLowerCase() };
}

/** @param custom attributes that steps before have set */
export function attributeHolds(
  { attribute, op, value }: Attribute,
  rule: Rule,
  custom: ReadonlyMap<string, string>,
): boolean {
  const own: unknown = new Map<string, unknown>(Object.entries(rule)).get(attribute);
  const found = typeof own === 'string' || Array.isArray(own) ? own : custom.get(attribute);
  if (found === undefined) return false;
  // A list holds a value or not; it is neither equal to one nor in an order with it.
  if (Array.isArray(found))
    return (
      op === 'ne' || (op === 'in' && found.includes(value)) || (op === 'not_in' && !found.includes(value))
    );
  return compare(op, placeOf(attribute, found), placeOf(attribute, value));
}

function placeOf(attribute: string, text: string): number | string {
  const order = Object.hasOwn(orders, attribute) ? orders[attribute] : undefined;
  if (order !== undefined) return order.indexOf(text.toLowerCase());
  if (dates.includes(attribute)) return text.replaceAll('/', '-');
  return text;
}

function compare(op: Comparison, left: number | string, right: number | string): boolean {
  switch (op) {
    case 'eq':
      return left === right;
    case 'ne':
      return left !== right;
    case 'gt':
      return left > right;
    case 'gte':
      return left >= right;
    case 'lt':
      return left < right;
    case 'lte':
      return left <= right;
    default:
      return false;
  }
}
