/** A field's name, ready to be looked up: the literal key if the record has it, else the dotted path through objects. */
export type FieldPath = { readonly name: string; readonly parts: readonly string[] };

export const fieldPath = (name: string): FieldPath => ({
  name,
  parts: name.includes('.') ? name.split('.') : [],
});

export function fieldValue(record: Readonly<Record<string, unknown>>, path: FieldPath): unknown {
  const literal = record[path.name];
  if (literal !== undefined || path.parts.length === 0) return literal;
  let value: unknown = record;
  for (const part of path.parts) {
    if (typeof value !== 'object' || value === null) return undefined;
    // Objects and arrays alike are indexed by a path's steps; what is not there is undefined.
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value;
}

/** The first of `paths` that says something. */
export function firstValue(record: Readonly<Record<string, unknown>>, paths: readonly FieldPath[]): unknown {
  for (const path of paths) {
    const value = fieldValue(record, path);
    if (value !== undefined && value !== null && value !== '' && value !== '-' && value !== '?') return value;
  }
  return undefined;
}
