/** What a ledger entry may carry: JSON, nothing else. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * One text for one value, whatever the order its members came in.
 *
 * @throws {TypeError} for a number that JSON can't carry
 * @see RFC 8785: members sorted by UTF-16 code units, no white space, numbers and strings as ECMAScript writes them
 */
export function canonical(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} is not JSON`);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  // Array.isArray does not narrow readonly arrays.
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join(',')}]`;
  // What is left of the union is the object.
  const members = Object.entries(value as { readonly [name: string]: Json });
  members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/** As the database keeps text: well-formed, and without NUL, which PostgreSQL's jsonb refuses. */
export const storableText = (text: string): string =>
  text.includes('\0') ? text.toWellFormed().replaceAll('\0', '\uFFFD') : text.toWellFormed();

/** The same for every name and text in a value. */
export function storable(value: Json): Json {
  if (typeof value === 'string') return storableText(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(storable);
  return Object.fromEntries(
    Object.entries(value as { readonly [name: string]: Json }).map(([name, member]) => [
      storableText(name),
      storable(member),
    ]),
  );
}
