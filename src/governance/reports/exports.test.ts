import { describe, expect, test } from 'vitest';
import { readAnnex } from './annex/read.ts';
import { annex } from './annex/write.ts';
import { cloudControlsMatrix } from './ccm.ts';
import { planOfAction, poamItems } from './poam.ts';
import { readSheets } from './sheet/read.ts';
import { applicability, statementOfApplicability } from './soa.ts';
import { sampleState } from './testing.ts';

const state = sampleState();
const cells = async (made: Promise<Buffer>) =>
  (await readSheets(await made)).map(({ name, hidden, rows }) => ({
    sheet: hidden ? `${name} (hidden)` : name,
    // A row as a person reads it; empty cells at its end say nothing.
    rows: rows.map((row) =>
      row
        .map((cell) => (cell === null ? '' : String(cell)))
        .join(' | ')
        .replace(/[ |]+$/, ''),
    ),
  }));

describe('each workbook, cell for cell', () => {
  test('SSP annex', async () => expect(await cells(annex(state))).toMatchSnapshot());
  test('cloud controls matrix of all', async () =>
    expect(await cells(cloudControlsMatrix(state, undefined))).toMatchSnapshot());
  test('cloud controls matrix of one tenancy has its services and no evidence', async () => {
    const made = await cells(cloudControlsMatrix(state, state.tenancies[0]));
    expect(made.map(({ sheet }) => sheet)).toEqual(['Info', 'Backup', 'Data (hidden)']);
    expect(made[1]).toMatchSnapshot();
  });
  test('statement of applicability', async () =>
    expect((await cells(statementOfApplicability(state)))[1]).toMatchSnapshot());
  test('plan of action and milestones', async () =>
    expect((await cells(planOfAction(state)))[1]).toMatchSnapshot());
});

test('no cell of any workbook begins like a formula', async () => {
  for (const make of [annex(state), cloudControlsMatrix(state, undefined), planOfAction(state)])
    for (const { rows } of await readSheets(await make))
      for (const cell of rows.flat()) if (typeof cell === 'string') expect(cell).not.toMatch(/^[=+\-@\t\r]/);
});

test('an annex that was exported is read back as it was answered', async () => {
  const { rows, faults } = readAnnex(await readSheets(await annex(state)));
  expect(faults).toEqual([]);
  expect(
    rows.map(({ control, status, responsibleEntity, comments, guidance }) => ({
      control,
      status,
      responsibleEntity,
      comments,
      guidance,
    })),
  ).toEqual(
    state.controls.map(({ id, status, answer }) => ({
      control: id,
      status,
      responsibleEntity: answer?.responsibleEntity ?? null,
      comments: answer?.narrative ?? '',
      guidance: answer?.guidance ?? { organisation: null, selecting: '', technology: null, implementing: '' },
    })),
  );
});

test('a clause is implemented only where every control behind it is met, and unknown is neither', () => {
  const [framework] = state.mapped;
  if (framework === undefined) throw new Error('the sample has a mapped framework');
  const lines = applicability(framework, new Map(state.controls.map((control) => [control.id, control])));
  expect(lines.map(({ label, included, implemented }) => [label, included, implemented])).toEqual([
    ['A.5.17', 'Yes', 'Yes'],
    ['A.8.8', 'Yes', 'Partly'],
    ['A.8.13', 'Yes', 'No'],
    ['A.8.14', 'Yes', 'Not known'],
    ['A.7.1', 'Not decided', 'Not known'],
    ['A.8.30', 'No', 'Does not apply'],
  ]);
});

test('what is to be done: open findings and unmet controls, the soonest due first, nothing unknown', () => {
  expect(poamItems(state).map(({ id, state: stands, late }) => [id, stands, late])).toEqual([
    ['f-1', 'open', true],
    ['own-0003', 'accepted', false],
  ]);
});
