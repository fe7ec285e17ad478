import type { Schema } from './compact.ts';

const plain = new Set(['string', 'number', 'boolean']);

const pascal = (text: string): string =>
  text.replaceAll(/(^|[-:])([a-z])/g, (_, __, letter: string) => letter.toUpperCase());

/**
 * TypeScript types for every definition of every version given, oldest first: a property of any version is there, and
 * what the oldest requires is required. Alternatives of objects are one type.
 */
export function typesOf(schemas: readonly Schema[]): string {
  const all = [...new Set(schemas.flatMap((schema) => Object.keys(schema.definitions ?? {})))];
  const wanted = all.filter((name) => !/Datatype$|^json-schema-directive$/.test(name));
  const shared = new Set<string>();
  const seen = new Map<string, string>();
  for (const name of wanted) {
    const last = name.split(':').at(-1) ?? name;
    if (seen.has(last)) shared.add(last);
    seen.set(last, name);
  }
  const typeName = (definition: string): string => {
    const [model = '', last] = definition.split(':');
    if (last === undefined) return pascal(model);
    // Types that two models have, and words that mean little alone, carry the model's name.
    return shared.has(last) || /^(import|status|map|merge|modify|result)$/.test(last)
      ? model === 'catalog'
        ? pascal(last)
        : pascal(`${model.replace(/-common$/, '')}-${last}`)
      : pascal(last);
  };
  const variantsOf = (name: string): Schema[] =>
    schemas.flatMap((schema) => schema.definitions?.[name] ?? []);
  // A definition that is only text or a number needs no name of its own.
  const nameOrPlain = (name: string): string => {
    const type = variantsOf(name).some((variant) => objects(variant) !== undefined)
      ? 'object'
      : render(variantsOf(name), nameOrPlain);
    return plain.has(type) ? type : typeName(name);
  };
  const lines: string[] = [];
  for (const name of wanted.toSorted((a, b) => (typeName(a) < typeName(b) ? -1 : 1))) {
    const type = render(variantsOf(name), nameOrPlain);
    if (!plain.has(type)) lines.push(`export type ${typeName(name)} = ${type};`);
  }
  return `${lines.join('\n')}\n`;
}

function render(variants: readonly Schema[], typeName: (name: string) => string): string {
  const first = variants[0];
  if (first === undefined) return 'unknown';
  const flat = variants.map((variant) => objects(variant) ?? []);
  if (flat.some((options) => options.length > 0)) return renderObject(flat, typeName);
  const lists = variants.flatMap((variant) =>
    variant.type === 'array' ? [variant] : (variant.anyOf ?? []).filter((option) => option.type === 'array'),
  );
  if (lists.length > 0) {
    const item = render(
      lists.flatMap((list) => list.items ?? []),
      typeName,
    );
    const single = variants.some((variant) => variant.type !== 'array');
    return `${single ? `${item} | ` : ''}readonly ${/^[A-Za-z]+$/.test(item) ? item : `(${item})`}[]`;
  }
  if (first.$ref !== undefined) return reference(first.$ref, typeName);
  if (first.allOf !== undefined) {
    const values = variants.flatMap((variant) => variant.allOf?.flatMap((part) => part.enum ?? []) ?? []);
    return values.length > 0
      ? [...new Set(values)].map((value) => `'${value}'`).join(' | ')
      : render([first.allOf[0] ?? {}], typeName);
  }
  if (first.anyOf !== undefined) return render([first.anyOf[0] ?? {}], typeName);
  if (first.type === 'integer' || first.type === 'number') return 'number';
  return first.type === 'boolean' ? 'boolean' : 'string';
}

function reference(ref: string, typeName: (name: string) => string): string {
  const name = ref.replace('#/definitions/', '');
  if (/^(Integer|NonNegativeInteger|PositiveInteger|Decimal)Datatype$/.test(name)) return 'number';
  if (name === 'BooleanDatatype') return 'boolean';
  return /Datatype$|^json-schema-directive$/.test(name) ? 'string' : typeName(name);
}

/** The object schemas among a schema's alternatives; undefined when it is no object. */
function objects(schema: Schema): Schema[] | undefined {
  if (schema.anyOf?.every((option) => option.properties !== undefined))
    return schema.anyOf.map((option) => ({
      ...option,
      required: [...(schema.required ?? []), ...(option.required ?? [])],
    }));
  return schema.type === 'object' ? [schema] : undefined;
}

function renderObject(versions: readonly Schema[][], typeName: (name: string) => string): string {
  const variants = versions.flat();
  const names = [...new Set(variants.flatMap((variant) => Object.keys(variant.properties ?? {})))];
  if (names.length === 0)
    return `Readonly<Record<string, ${variants[0]?.additionalProperties === false ? 'never' : 'unknown'}>>`;
  // The newer schema forgets what is required where it has alternatives: the oldest says it.
  const oldest = versions.find((options) => options.length > 0) ?? [];
  const members = names.map((name) => {
    const required = oldest.every((variant) => variant.required?.includes(name));
    const type = render(
      variants.flatMap((variant) => variant.properties?.[name] ?? []),
      typeName,
    );
    return `readonly ${/^[a-z]+$/.test(name) ? name : `'${name}'`}${required ? '' : '?'}: ${type};`;
  });
  return `{ ${members.join(' ')} }`;
}
