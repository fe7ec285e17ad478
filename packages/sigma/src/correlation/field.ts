/**
 * A group-by or counted value of an event as text: the literal key wins over a dotted path. Lists and objects count by
 * their JSON. Undefined where it is absent or null.
 */
export function textOf(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = valueAt(fields, name);
  if (typeof value === 'string') return value.length > maxText ? value.slice(0, maxText) : value;
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value).slice(0, maxText) : `${value as number | boolean}`; // JSON holds nothing else.
}

/** A number, or text that is one. */
export function numberOf(fields: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = valueAt(fields, name);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.length > 40 || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** What a group is told apart by; longer values are cut, so that state stays bounded. */
const maxText = 4096;

function valueAt(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  const literal = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (literal !== undefined || !name.includes('.')) return literal;
  let value: unknown = fields;
  for (const step of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step]; // An object that has the key; lists by their index.
  }
  return value;
}

/** Different lists of values have different keys. */
export function groupKey(values: readonly string[]): string {
  if (values.length <= 1) return values[0] ?? '';
  let key = '';
  for (const value of values) key += keyPart(value);
  return key;
}

/** The length in front keeps `ab`, `c` apart from `a`, `bc`. */
export const keyPart = (value: string): string => `${value.length}:${value}`;
