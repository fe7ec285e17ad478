import { customerResponsibility, implementationStatus, responsibleEntity } from '#contract/governance';
import { evidenceSheet, infoSheet } from '../sheet/common.ts';
import { type CellStyle, type OutCell, type OutRow, type OutSheet, writeSheets } from '../sheet/write.ts';
import type { ControlState, SystemState } from '../state.ts';
import { type AnnexColumn, blocks, classifications, places } from './columns.ts';

/** Row numbers of a spreadsheet begin at 1, and two rows are headings. */
const firstControlRow = 3;

/** Effective green, not met red, unknown violet: the colours of the house, pale. */
export const statusColours: Readonly<Record<string, string>> = {
  Effective: '#CFE8D8',
  'Alternate Control': '#E2F1E7',
  Ineffective: '#F6CFCB',
  'Not Implemented': '#FBE3E0',
  'No Visibility': '#DCD2F0',
  'Not Assessed': '#ECE6F7',
  'Not Applicable': '#E4E4E1',
};

/** The system security plan's annex: every control of the system, in ASD's columns and words. */
export function annex(state: SystemState): Promise<Buffer> {
  return writeSheets([
    infoSheet(state, 'System security plan annex', [
      'Each control of the system with its guidance, design decisions and self-assessment, in the columns of ASD’s SSP annex.',
      'Change the columns "Org Responsibility" to "Implementation Comments" and import the file again: nothing else is read.',
      'A control without evidence or answer says "Not Assessed"; "No Visibility" means that evidence is missing or too old.',
    ]),
    annexSheet(state),
    evidenceSheet(state),
    dataSheet,
  ]);
}

/** As ASD names it: 'March 2025' for the edition of that month; otherwise the edition as it is. */
export const annexSheetName = (edition: string): string => {
  const [, year, month] = /(\d{4})[.-](\d{1,2})(?:[.-]\d{1,2})?$/.exec(edition) ?? [];
  const name = month === undefined ? undefined : months[Number(month) - 1];
  return name === undefined || year === undefined
    ? edition.replaceAll(/[[\]*?:/\\]/g, '-').slice(0, 31) || 'Controls'
    : `${name} ${year}`;
};
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** The sheet with the controls; what a reader of `readAnnex` looks for. */
export function annexSheet(state: SystemState): OutSheet {
  const at = (column: AnnexColumn): number => places.findIndex((place) => place?.column === column);
  return {
    name: annexSheetName(state.framework.edition),
    widths: places.map((place) => place?.width ?? 3),
    frozenRows: 2,
    frozenColumns: 2,
    rows: [
      { cells: places.map((place) => heading((place && blocks.get(place.column)) ?? '')) },
      { cells: places.map((place) => heading(place?.title ?? '')) },
      ...grouped(state.controls, row),
    ],
    choices: [
      { column: at('organisation'), from: 'Data!$D$2:$D$4', firstRow: firstControlRow },
      { column: at('technology'), from: 'Data!$D$2:$D$4', firstRow: firstControlRow },
      { column: at('responsible'), from: 'Data!$B$2:$B$7', firstRow: firstControlRow },
      { column: at('status'), from: 'Data!$A$2:$A$8', firstRow: firstControlRow },
    ],
    colours: [{ columns: [at('status')], firstRow: firstControlRow, words: statusColours }],
  };
}

const heading = (text: string): OutCell => (text === '' ? null : { text, style: 'heading' });

/** The controls' rows, folded under a row for each guideline and section. */
export function grouped(
  controls: readonly ControlState[],
  one: (control: ControlState) => readonly OutCell[],
): OutRow[] {
  const rows: OutRow[] = [];
  let guideline = '';
  let section = '';
  for (const control of controls) {
    const [first = '', second = ''] = control.path;
    if (first !== guideline) {
      rows.push({ cells: [{ text: first, style: 'group' }] });
      section = '';
    }
    if (second !== section && second !== '')
      rows.push({ cells: [{ text: second, style: 'section' }], level: 1 });
    guideline = first;
    section = second;
    rows.push({ cells: one(control), level: 2 });
  }
  return rows;
}

function row(control: ControlState): OutCell[] {
  return places.map((place) => {
    if (place === null) return null;
    const style: CellStyle =
      place.middle === true ? 'middle' : place.column === 'identifier' ? 'strong' : 'text';
    const text = annexCell(control, place.column);
    return text === '' ? null : { text, style };
  });
}

const yesNo = (yes: boolean): string => (yes ? 'Yes' : 'No');

/** What a control's row says in a column. */
export function annexCell(control: ControlState, column: AnnexColumn): string {
  const { answer } = control;
  switch (column) {
    case 'identifier':
      return control.label;
    case 'description':
      return control.statement;
    case 'organisation':
      return answer?.guidance?.organisation ?? '';
    case 'selecting':
      return answer?.guidance?.selecting ?? '';
    case 'technology':
      return answer?.guidance?.technology ?? '';
    case 'implementing':
      return answer?.guidance?.implementing ?? '';
    case 'responsible':
      return answer?.responsibleEntity ?? 'Not Assessed';
    case 'status':
      return control.status;
    case 'comments':
      return answer?.narrative ?? '';
    case 'revision':
      return control.revision;
    case 'updated':
      return control.updated;
    case 'guideline':
      return control.path[0] ?? '';
    case 'section':
      return control.path[1] ?? '';
    case 'topic':
      return control.path[2] ?? '';
    default:
      return yesNo(
        classifications.some((one) => one === column)
          ? control.applicability.includes(column)
          : control.levels.includes(column),
      );
  }
}

/** The words that the columns take, hidden as in ASD's template. */
export const dataSheet: OutSheet = {
  name: 'Data',
  hidden: true,
  widths: [24, 28, 26, 14],
  rows: transposed([
    ['Implementation Status', ...ofAnnex(implementationStatus.options)],
    ['Responsible Entity', 'Not Assessed', ...responsibleEntity.options],
    ['Customer Responsibility', 'Not Assessed', ...customerResponsibility.options],
    ['Org Responsibility', 'Yes', 'No', 'Out of Scope'],
  ]).map((cells) => ({ cells })),
};

/** The statuses in the order of ASD's list. */
function ofAnnex(options: readonly string[]): string[] {
  const order = ['Not Assessed', 'Effective', 'Alternate Control', 'Not Implemented', 'Ineffective'];
  return [...order, ...options.filter((option) => !order.includes(option))];
}

function transposed(columns: readonly (readonly string[])[]): (string | null)[][] {
  const height = Math.max(...columns.map(({ length }) => length));
  return Array.from({ length: height }, (_, at) => columns.map((column) => column[at] ?? null));
}
