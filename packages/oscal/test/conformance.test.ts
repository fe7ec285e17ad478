import { readFileSync, readdirSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharedData } from '../../../test/shared.ts';
import { models } from '../src/read/models.ts';
import { createSchemaCheck } from '../src/validate/schema.ts';

const governance = sharedData('governance');
const check = createSchemaCheck();
const versions = ['1.1.2', '1.2.1'] as const;

/** The schema as NIST publishes it, whole, as ajv judges it. */
function originalOf(version: string): (value: unknown) => boolean {
  const schema: object = JSON.parse(
    readFileSync(`${governance}/oscal/schema/${version}/oscal_complete_schema.json`, 'utf8'),
  );
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  return (value) => validate(value) === true;
}

/** What this package says: the schema of the model that stands at the root. */
function judged(version: (typeof versions)[number], value: unknown): boolean {
  const model = models.find((name) => typeof value === 'object' && value !== null && name in value);
  return model !== undefined && check(model, version, value).length === 0;
}

const folders = ['ism/v2025.10.8', 'ism/v2025.12.9', 'oscal/samples'];
const files = (governance === undefined ? [] : folders).flatMap((folder) =>
  readdirSync(`${governance}/${folder}`).map((name) => `${folder}/${name}`),
);
const load = (file: string): unknown => JSON.parse(readFileSync(`${governance}/${file}`, 'utf8'));

/** Every place of a value, as the names that lead to it; of long lists the first few. */
function placesOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner: [string | number, unknown][] = Array.isArray(value)
    ? value.slice(0, 3).map((item: unknown, at) => [at, item])
    : Object.entries(value);
  return [path, ...inner.flatMap(([name, item]) => placesOf(item, [...path, name]))];
}

/** The value with something else at a place; `undefined` removes what is there. */
function replaced(
  value: unknown,
  [name, ...rest]: readonly (string | number)[],
  change: (before: unknown) => unknown,
): unknown {
  if (name === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((item: unknown, at) => (at === name ? replaced(item, rest, change) : item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    key === name ? replaced(item, rest, change) : item,
  ]);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '',
    ' ',
    'a b',
    ' a',
    'a\n',
    '1a',
    '_a.b-c',
    'é',
    'https://example.org/a b',
    '#x',
    'urn:a:b',
    'a@b',
    'a@b.example',
    '@b\n',
    'YQ==',
    'Y=Q=',
    '2026-01-01',
    '2026-02-30',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00+10:30',
    '1996-02-29T00:00:00Z',
    '00000000-0000-4000-8000-000000000000',
    '00000000-0000-1000-8000-000000000000',
  ),
);
const change: fc.Arbitrary<(before: unknown) => unknown> = fc.oneof(
  oddText.map((text) => () => text),
  fc
    .constantFrom<unknown>(undefined, null, 0, -1, 1.5, true, [], {}, [{}], ['x'])
    .map((value) => () => value),
  fc.constant((before: unknown) =>
    Array.isArray(before) ? [] : { ...(typeof before === 'object' ? before : {}), unknown: 1 },
  ),
  fc.constant((before: unknown) => [before, before]),
  // What mostly stays valid: longer words, longer and shorter lists, members left out.
  {
    weight: 5,
    arbitrary: fc.constant((before: unknown) =>
      typeof before === 'string' ? `${before}a` : Array.isArray(before) ? [...before, ...before] : before,
    ),
  },
  {
    weight: 5,
    arbitrary: fc.constant((before: unknown) => (Array.isArray(before) ? before.slice(1) : undefined)),
  },
);

describe.skipIf(governance === undefined)('the schema without words', () => {
  let original: Record<(typeof versions)[number], (value: unknown) => boolean>;
  beforeAll(() => {
    original = { '1.1.2': originalOf('1.1.2'), '1.2.1': originalOf('1.2.1') };
  });

  test('accepts every file that the original accepts', () => {
    expect(files.length).toBeGreaterThanOrEqual(22);
    for (const file of files) {
      const value = load(file);
      for (const version of versions)
        expect([file, version, judged(version, value)]).toEqual([file, version, original[version](value)]);
    }
  });

  test('says the same as the original of files that were changed at one or two places', () => {
    const small = files
      .filter((file) => !file.includes('catalog.json') || file.includes('basic'))
      .map((file) => {
        const value = load(file);
        return { value, places: placesOf(value) };
      });
    let refused = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...small),
        fc.array(fc.tuple(fc.nat(), change), { minLength: 1, maxLength: 2 }),
        ({ value, places }, changes) => {
          const mutated = changes.reduce(
            (before: unknown, [at, make]) => replaced(before, places[at % places.length] ?? [], make),
            value,
          );
          for (const version of versions) {
            const verdict = original[version](mutated);
            if (!verdict) refused++;
            expect([version, judged(version, mutated)]).toEqual([version, verdict]);
          }
        },
      ),
      { numRuns: 600 },
    );
    // A property whose cases are all good, or all bad, would show little.
    expect(refused).toBeGreaterThan(100);
    expect(refused).toBeLessThan(1100);
  });
});
