import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { withCatalogue } from '../../src/essential-eight/table.ts';
import { shippedTable } from '../../src/essential-eight/testing.ts';
import { sharedData } from '../shared.ts';

const table = shippedTable();
const data = sharedData('governance');

const mapping = z.object({
  requirements: z.array(
    z.object({ strategy: z.string(), ismControl: z.string(), levels: z.array(z.string()) }),
  ),
});

test.skipIf(data === undefined)('every row of the outside mapping is ours, and no other', () => {
  const { requirements } = mapping.parse(
    JSON.parse(readFileSync(`${data}/essential-eight/essential-eight.json`, 'utf8')),
  );
  const theirs = requirements.map((one) => [one.strategy, one.ismControl, ...one.levels].join(' ')).sort();
  const ours = table.controls
    .flatMap((one) =>
      one.strategies.map((strategy) => [strategy, one.id, ...one.levels.map((at) => `ML${at}`)].join(' ')),
    )
    .sort();
  expect(ours).toEqual(theirs);
});

type Group = { controls?: Entry[] | undefined; groups?: Group[] | undefined };
type Entry = { id: string; props?: { name: string; value: string }[] | undefined };
const entry: z.ZodType<Entry> = z.object({
  id: z.string(),
  props: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
});
const group: z.ZodType<Group> = z.lazy(() =>
  z.object({ controls: z.array(entry).optional(), groups: z.array(group).optional() }),
);

test.skipIf(data === undefined).each(['v2025.10.8', 'v2025.12.9'])(
  'the levels of the ISM %s itself are ours',
  (edition) => {
    const { catalog } = z
      .object({ catalog: group })
      .parse(JSON.parse(readFileSync(`${data}/ism/${edition}/ISM_catalog.json`, 'utf8')));
    const said = new Map<string, string[]>();
    const walk = (one: Group): void => {
      for (const { id, props } of one.controls ?? [])
        said.set(
          id,
          (props ?? []).flatMap(({ name, value }) => (name === 'essential-eight-applicability' ? value : [])),
        );
      for (const inner of one.groups ?? []) walk(inner);
    };
    walk(catalog);
    const { source, differences } = withCatalogue(table, said);
    expect({ source, differences }).toEqual({ source: 'catalogue', differences: [] });
  },
);
