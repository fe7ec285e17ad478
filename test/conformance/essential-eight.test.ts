import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Fact } from '#governance/evidence';
import { z } from 'zod';
import { withCatalogue } from '../../src/essential-eight/table.ts';
import { evaluatorNamed, imported, judged, shippedTable } from '../../src/essential-eight/testing.ts';
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

test.skipIf(data === undefined)(
  'the six real Intune exports of the recommended state are read whole, and prove nothing without assignments',
  async () => {
    const folder = `${data}/asd-blueprint/intune-config-policies`;
    const names = readdirSync(folder).sort();
    expect(names).toHaveLength(6);
    const facts: Fact[] = [];
    for (const name of names) {
      const read = await imported(name, readFileSync(`${folder}/${name}`));
      expect([name, read?.kind, read?.refused]).toEqual([name, 'windows.settings', []]);
      facts.push(...(read?.facts ?? []));
    }
    const settings: Record<string, unknown> = Object.assign(
      {},
      ...facts.map(({ values }) => values['settings']),
    );
    const office = 'hkcu\\software\\policies\\microsoft\\office\\16.0';
    for (const app of ['access', 'excel', 'powerpoint', 'visio', 'word'])
      expect(settings[`${office}\\${app}\\security\\blockcontentexecutionfrominternet`], app).toBe(1);
    expect(settings[`${office}\\common\\security\\macroruntimescanscope`]).toBe(2);
    expect(
      settings['hklm\\software\\policies\\microsoft\\edge\\preventsmartscreenpromptoverrideforfiles'],
    ).toBe(1);
    expect(settings['hklm\\software\\policies\\microsoft\\edge\\downloadrestrictions']).toBe(2);
    const now = new Date('2026-03-20T00:00:00Z');
    const verdict = (id: string, assigned: string) =>
      judged(
        evaluatorNamed(id),
        [
          {
            kind: 'windows.settings',
            facts: facts.map((fact) => ({ ...fact, values: { ...fact.values, assigned } })),
          },
        ],
        now,
      ).status;
    for (const id of ['e8.macros.internet', 'e8.macros.scanned', 'e8.browser.locked'])
      expect([id, verdict(id, 'unstated'), verdict(id, 'all')]).toEqual([id, 'unknown', 'satisfied']);
  },
);
