/** What a ledger entry may carry: JSON, nothing else. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * One text for one value, whatever the order its members came in.
 *
 * @throws {TypeError} for a number that JSON can't carry
 * @see RFC 8785: members sorted by UTF-16 code units, no white space, numbers and strings as ECMAScript writes them
 */
export const canonical = (value: Json): string => written(value, asItIs);

/** `canonical` of `storable`, in one pass: every entry goes through here. */
export const canonicalStorable = (value: Json): string => written(value, storableText);

const asItIs = (text: string): string => text;

function written(value: Json, text: (text: string) => string): string {
  if (typeof value === 'string') return JSON.stringify(text(value));
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} is not JSON`);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  let out = '';
  if (Array.isArray(value)) {
    // Array.isArray does not narrow readonly arrays.
    for (const one of value as readonly Json[]) out += `${out === '' ? '' : ','}${written(one, text)}`;
    return `[${out}]`;
  }
  // What is left of the union is the object.
  const object = value as { readonly [name: string]: Json };
  const names = Object.keys(object);
  const kept = names.map(text);
  if (kept.some((name, at) => name !== names[at])) return written(renamed(object, kept), text);
  // UTF-16 code units, as `sort` compares.
  for (const name of names.sort())
    out += `${out === '' ? '' : ','}${JSON.stringify(name)}:${written(object[name] ?? null, text)}`;
  return `{${out}}`;
}

/** Of two names that become the same one, the last stands: as `storable` has it. */
const renamed = (object: { readonly [name: string]: Json }, names: readonly string[]) =>
  Object.fromEntries(Object.values(object).map((member, at) => [names[at] ?? '', member]));

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
