import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readAnnex } from '../../src/governance/reports/annex/read.ts';
import { annex } from '../../src/governance/reports/annex/write.ts';
import { readSheets } from '../../src/governance/reports/sheet/read.ts';
import type { ControlState } from '../../src/governance/reports/state.ts';
import { sampleState } from '../../src/governance/reports/testing.ts';
import { sharedData } from '../shared.ts';

/*
 * ASD's Blueprint publishes an SSP annex with 1,003 controls, a few of its cells dirty. It is read, what it says becomes
 * the state of a system, and the annex of that system has every clean row of it again, cell for cell.
 */
const data = sharedData('governance');
const template = `${data}/asd-blueprint/blueprint-ssp-annex-template-2025-03.xlsx`;

test.skipIf(data === undefined)(
  'ASD’s annex in, annex out: the same cells',
  async () => {
    const sheets = await readSheets(await readFile(template));
    expect(sheets.map(({ name, hidden, rows }) => [name, hidden, rows.length])).toEqual([
      ['Info', false, 42],
      ['March 2025', false, 1092],
      ['Essential Eight', false, 185],
      ['Data', true, 8],
    ]);
    const read = readAnnex(sheets);
    expect({ sheet: read.sheet, controls: read.controls, clean: read.rows.length }).toEqual({
      sheet: 'March 2025',
      controls: 1003,
      clean: 995,
    });
    const original = sheets.find(({ name }) => name === read.sheet)?.rows ?? [];
    const clean = new Set(read.rows.map(({ row }) => row));

    const yes = (row: (typeof read.rows)[number], names: readonly ControlState['levels'][number][]) =>
      // The names are columns of the annex.
      names.filter((name) => (row.cells as Readonly<Record<string, string>>)[name] === 'Yes');
    const [like] = sampleState().controls;
    if (like === undefined) throw new Error('the sample has controls');
    const controls = read.rows.map(
      (row): ControlState => ({
        ...like,
        id: row.control,
        label: row.cells.identifier,
        statement: row.cells.description,
        path: [row.cells.guideline, row.cells.section, row.cells.topic],
        applicability: yes(row, ['NC', 'OS', 'P', 'S', 'TS']),
        levels: yes(row, ['ML1', 'ML2', 'ML3']),
        revision: row.cells.revision,
        updated: row.cells.updated,
        status: row.status,
        answer: {
          status: row.status,
          responsibleEntity: row.responsibleEntity,
          customerResponsibility: null,
          narrative: row.comments,
          owner: null,
          guidance: row.guidance,
          overrides: [],
          by: null,
          at: null,
        },
      }),
    );
    const sample = sampleState();
    const again = await readSheets(
      await annex({ ...sample, framework: { ...sample.framework, edition: '2025.03.31' }, controls }),
    );
    const made = again.find(({ name }) => name === 'March 2025')?.rows ?? [];

    // Dirty rows were left out, and with one of them the section that has no other; every other row stands where it stood.
    const isControl = (row: readonly unknown[]): boolean => /^ISM-\d{4}$/.test(String(row[1]));
    const kept = original.filter((row, at) => !isControl(row) || clean.has(at + 1));
    const expected = kept.filter((row) => row[0] !== 'Secure/Multipurpose Internet Mail Extension');
    expect(kept.length - expected.length).toBe(1);
    const width = 26;
    const whole = (rows: readonly (readonly unknown[])[]) =>
      rows.map((row) => Array.from({ length: width }, (_, at) => row[at] ?? null));
    expect(whole(made)).toEqual(whole(expected));
    expect(made.length * width).toBe(28_158);
  },
  60_000,
);

test.skipIf(data === undefined)(
  'each dirty cell of ASD’s annex is told with what its column takes',
  async () => {
    const { faults } = readAnnex(await readSheets(await readFile(template)));
    expect(
      faults.map(
        ({ row, at, value, why, allowed }) => `${at}${row} "${value}": ${why} ${allowed.join(', ')}`,
      ),
    ).toEqual([
      'E504 "yes": Write it as "Yes". Yes, No, Out of Scope',
      'G538 "yes": Write it as "Yes". Yes, No, Out of Scope',
      'E646 "yes": Write it as "Yes". Yes, No, Out of Scope',
      'G646 "yes": Write it as "Yes". Yes, No, Out of Scope',
      'G748 "Out of scope": Write it as "Out of Scope". Yes, No, Out of Scope',
      'G752 "Out of scope": Write it as "Out of Scope". Yes, No, Out of Scope',
      'G753 "Out of scope": Write it as "Out of Scope". Yes, No, Out of Scope',
      'G754 "Out of scope": Write it as "Out of Scope". Yes, No, Out of Scope',
      'E994 "ISM-0508": It takes one of its own words. Yes, No, Out of Scope',
      'G994 "ISM-0510": It takes one of its own words. Yes, No, Out of Scope',
    ]);
  },
);
