import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import schema112 from '../generated/schema-1.1.2.json' with { type: 'json' };
import schema121 from '../generated/schema-1.2.1.json' with { type: 'json' };
import type { Model, SchemaVersion } from '../read/models.ts';
import { boundedFormats, boundedPattern } from '../read/patterns.ts';

/** What a schema says about one value: nothing, or its errors as ajv gives them (with schema and data). */
export type SchemaCheck = (model: Model, version: SchemaVersion, value: unknown) => readonly ErrorObject[];

const schemas = { '1.1.2': schema112, '1.2.1': schema121 };

// Looking for every error builds an object for each; a document with more values than this shows its first only.
const maxValuesForAllErrors = 200_000;

/** Validators of both schema versions, each compiled when it is first needed. */
export function createSchemaCheck(): SchemaCheck {
  const compiled = new Map<string, ValidateFunction>();
  const validator = (model: Model, version: SchemaVersion, allErrors: boolean): ValidateFunction => {
    const key = `${model} ${version} ${allErrors}`;
    const found = compiled.get(key) ?? compile(model, version, allErrors);
    compiled.set(key, found);
    return found;
  };
  return (model, version, value) => {
    const first = validator(model, version, false);
    if (first(value)) return [];
    if (countValues(value, maxValuesForAllErrors) >= maxValuesForAllErrors) return first.errors ?? [];
    const all = validator(model, version, true);
    all(value);
    return all.errors ?? [];
  };
}

function compile(model: Model, version: SchemaVersion, allErrors: boolean): ValidateFunction {
  // The pattern function is called as ajv calls it; `code` is what ajv asks of one (it is only for standalone code).
  const regExp = Object.assign(boundedPattern, { code: 'boundedPattern' });
  const ajv = new Ajv({
    strict: false,
    allErrors,
    verbose: true,
    inlineRefs: false,
    formats: boundedFormats(),
    code: { regExp },
  });
  const { oneOf, definitions } = schemas[version];
  const branch = oneOf.find((option) => option.required.some((name) => name === model));
  // 1.1.2 knows no mapping-collection: nothing is valid then, and the error says which name is not known.
  return ajv.compile({ definitions, ...(branch ?? { not: {} }) });
}

function countValues(value: unknown, max: number): number {
  const stack = [value];
  let count = 0;
  while (stack.length > 0 && count < max) {
    const next = stack.pop();
    count++;
    if (typeof next === 'object' && next !== null) for (const inner of Object.values(next)) stack.push(inner);
  }
  return count;
}

/** The datatype whose pattern or format an error is about: `UUID`, `Token`, … */
export function datatypeOf({ parentSchema, keyword }: ErrorObject): string | undefined {
  const asked: unknown = parentSchema?.[keyword];
  if (typeof asked !== 'string') return undefined;
  for (const [name, definition] of Object.entries(schemas['1.2.1'].definitions)) {
    const type = /^(\w+)Datatype$/.exec(name)?.[1];
    if (type !== undefined && JSON.stringify(definition).includes(`"${keyword}":${JSON.stringify(asked)}`))
      return type;
  }
  return undefined;
}
