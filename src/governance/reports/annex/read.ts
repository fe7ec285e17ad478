import { implementationStatus, responsibleEntity } from '#contract/governance';
import type { ImplementationStatus, ResponsibleEntity } from '#contract/governance';
import { SheetRefused } from '../errors.ts';
import type { ReadCell, ReadSheet } from '../sheet/read.ts';
import { ownText } from '../sheet/text.ts';
import { type AnnexGuidance, type OrganisationWord, organisationWords } from '../state.ts';
import { type AnnexColumn, aliases, places } from './columns.ts';

/** A cell that does not say what its column takes. */
export type CellFault = {
  /** The row of the sheet, from 1, as spreadsheets number it. */
  readonly row: number;
  /** The column's letter. */
  readonly at: string;
  readonly column: string;
  /** At most 120 characters of it. */
  readonly value: string;
  readonly why: string;
  readonly allowed: readonly string[];
};

/** What an annex says about one control, each cell as it stands there. */
export type AnnexRow = {
  readonly row: number;
  readonly control: string;
  readonly cells: Readonly<Record<AnnexColumn, string>>;
  readonly status: ImplementationStatus;
  readonly responsibleEntity: ResponsibleEntity | null;
  readonly guidance: AnnexGuidance;
  readonly comments: string;
};

export type ReadAnnex = {
  readonly sheet: string;
  /** Rows without a fault, in the sheet's order. */
  readonly rows: readonly AnnexRow[];
  /** Rows with one are in none of `rows`. */
  readonly faults: readonly CellFault[];
  /** Rows that begin with an identifier: good and bad. */
  readonly controls: number;
  /** It says nothing in the columns of the guidance, and so does not empty them. */
  readonly withoutGuidance?: true;
};

const needed: readonly AnnexColumn[] = ['identifier', 'description', 'responsible', 'status', 'comments'];
const headingRows = 10;
const bare = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
export const columnLetter = (column: number): string =>
  (column >= 26 ? columnLetter(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26));

type Headings = { readonly row: number; readonly at: ReadonlyMap<AnnexColumn, number> };

/**
 * Finds the sheet with the controls and reads it. Titles are known by their words, wherever the column stands.
 * @throws {SheetRefused} when no sheet has the columns of an annex
 */
export function readAnnex(sheets: readonly ReadSheet[]): ReadAnnex {
  for (const sheet of sheets) {
    if (sheet.hidden) continue;
    const headings = headingsOf(sheet);
    if (headings !== undefined) return readControls(sheet, headings);
  }
  throw new SheetRefused(
    `No sheet has the columns of an SSP annex: ${needed.map(titleOf).join(', ')}. Start from an annex that was exported here, or from ASD’s template.`,
  );
}

const titleOf = (column: AnnexColumn): string =>
  places.find((place) => place?.column === column)?.title ?? column;

function headingsOf({ rows }: ReadSheet): Headings | undefined {
  for (const [number, cells] of rows.slice(0, headingRows).entries()) {
    const at = new Map<AnnexColumn, number>();
    for (const [column, cell] of cells.entries()) {
      const name = bare(textOf(cell));
      const known = columnNames.find((one) => aliases[one].includes(name));
      if (known !== undefined && !at.has(known)) at.set(known, column);
    }
    if (needed.every((column) => at.has(column))) return { row: number, at };
  }
  return undefined;
}
// The keys of a constant are its own.
const columnNames = Object.keys(aliases) as AnnexColumn[];

function readControls(sheet: ReadSheet, { row: heading, at }: Headings): ReadAnnex {
  const rows: AnnexRow[] = [];
  const faults: CellFault[] = [];
  const seen = new Map<string, number>();
  let controls = 0;
  for (const [number, cells] of sheet.rows.entries()) {
    if (number <= heading) continue;
    const text = (column: AnnexColumn): string => ownText(textOf(cells[at.get(column) ?? -1] ?? null));
    const label = text('identifier').trim();
    if (label === '') continue;
    controls++;
    const fault = (column: AnnexColumn, why: string, allowed: readonly string[] = []): CellFault => ({
      row: number + 1,
      at: columnLetter(at.get(column) ?? 0),
      column: titleOf(column),
      value: text(column).slice(0, 120),
      why,
      allowed,
    });
    const read = readRow(number + 1, label, text, fault);
    const control = label.toLowerCase();
    const before = seen.get(control);
    seen.set(control, before ?? number + 1);
    if (before !== undefined) read.faults.push(fault('identifier', `It is in row ${before} already.`));
    if (read.faults.length === 0 && read.row !== undefined) rows.push(read.row);
    else faults.push(...read.faults);
  }
  if (controls === 0) throw new SheetRefused(`The sheet "${sheet.name}" has no control in it.`);
  return { sheet: sheet.name, rows, faults, controls };
}

type Fault = (column: AnnexColumn, why: string, allowed?: readonly string[]) => CellFault;

function readRow(
  number: number,
  label: string,
  text: (column: AnnexColumn) => string,
  fault: Fault,
): { row: AnnexRow | undefined; faults: CellFault[] } {
  const faults: CellFault[] = [];
  /** One of the column's words; null where the cell is empty or says "Not Assessed". */
  const word = <Word extends string>(column: AnnexColumn, words: readonly Word[]): Word | null => {
    const value = text(column);
    const found = words.find((one) => one === value);
    if (found !== undefined) return found;
    if (value === '' || value === 'Not Assessed') return null;
    const near = words.find((one) => bare(one) === bare(value));
    faults.push(
      fault(column, near === undefined ? 'It takes one of its own words.' : `Write it as "${near}".`, words),
    );
    return null;
  };
  const status = word('status', implementationStatus.options);
  const entity = word('responsible', responsibleEntity.options);
  const organisation: OrganisationWord | null = word('organisation', organisationWords);
  const technology: OrganisationWord | null = word('technology', organisationWords);
  if (faults.length > 0) return { row: undefined, faults };
  return {
    faults,
    row: {
      row: number,
      control: label.toLowerCase(),
      // Every name of a column is a key of its aliases.
      cells: Object.fromEntries(columnNames.map((column) => [column, text(column)])) as AnnexRow['cells'],
      status: status ?? 'Not Assessed',
      responsibleEntity: entity,
      guidance: {
        organisation,
        technology,
        selecting: text('selecting'),
        implementing: text('implementing'),
      },
      comments: text('comments'),
    },
  };
}

/** A number typed where a word belongs is that number's digits; a date is its day. */
function textOf(cell: ReadCell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell);
}
