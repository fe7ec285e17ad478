/** A JSON schema of draft 7 as far as NIST uses it. */
export type Schema = {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean;
  items?: Schema;
  enum?: string[];
  anyOf?: Schema[];
  allOf?: Schema[];
  oneOf?: Schema[];
  definitions?: Record<string, Schema>;
};

const annotations = new Set(['title', 'description', '$comment', '$id', '$schema', 'contentEncoding']);

/** The short name of a definition: `oscal-complete-oscal-catalog:group` is `catalog:group`. */
export const shortName = (name: string): string => name.replace(/^oscal-complete-oscal-/, '');

/**
 * The schema without words and without anchors of its own: every reference is `#/definitions/<short name>`.
 * What it accepts is what the original accepts (test/conformance.test.ts).
 */
export function compactSchema(
  original: Schema & { definitions?: Record<string, Schema & { $id?: string }> },
): Schema {
  const names = new Map<string, string>();
  for (const [name, definition] of Object.entries(original.definitions ?? {})) {
    names.set(`#/definitions/${name}`, shortName(name));
    if (definition.$id !== undefined) names.set(definition.$id, shortName(name));
  }
  const target = (ref: string): string => {
    const name = names.get(ref);
    if (name === undefined) throw new Error(`The schema refers to ${ref}, which it does not define.`);
    return `#/definitions/${name}`;
  };
  // A property may be called "title": what is dropped are annotations of schemas, not names of properties.
  const keep = (value: unknown, names: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => keep(item, false));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => names || !annotations.has(key))
        .map(([key, item]) => [
          key,
          key === '$ref' && !names ? target(String(item)) : keep(item, key === 'properties' && !names),
        ]),
    );
  };
  const definitions = Object.fromEntries(
    Object.entries(original.definitions ?? {}).map(([name, definition]) => [
      shortName(name),
      keep(definition, false) as Schema, // a schema without its annotations is a schema
    ]),
  );
  return { oneOf: keep(original.oneOf, false) as Schema[], definitions }; // likewise
}
