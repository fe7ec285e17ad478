import writeExcelFile, { type CellObject } from 'write-excel-file/node';
import { unzip } from '../archive/unzip.ts';
import { zip } from '../archive/zip.ts';
import { cellText } from './text.ts';

export type CellStyle = 'title' | 'heading' | 'group' | 'section' | 'text' | 'middle' | 'strong';
export type OutCell =
  | { readonly text: string; readonly style?: CellStyle; readonly across?: number }
  | string
  | null;
export type OutRow = {
  readonly cells: readonly OutCell[];
  /** How deep it is folded under the rows above it; 0 when left out. */
  readonly level?: number;
};
export type OutSheet = {
  readonly name: string;
  readonly hidden?: boolean;
  /** In characters. */
  readonly widths: readonly number[];
  readonly frozenRows?: number;
  readonly frozenColumns?: number;
  readonly rows: readonly OutRow[];
  /** Columns (from 0) that take one of a list that stands in another sheet, offered while typing. */
  readonly choices?: readonly { readonly column: number; readonly from: string; readonly firstRow: number }[];
  /** Cells that are coloured by what they say, whoever writes it there. */
  readonly colours?: readonly {
    readonly columns: readonly number[];
    readonly firstRow: number;
    readonly words: Readonly<Record<string, string>>;
  }[];
};

const ink = '#1b2224';
const look: Readonly<Record<CellStyle, Omit<CellObject, 'value' | 'type'>>> = {
  title: { fontWeight: 'bold', fontSize: 14, textColor: ink, alignVertical: 'center' },
  heading: {
    fontWeight: 'bold',
    textColor: '#ffffff',
    backgroundColor: '#2c4a52',
    wrap: true,
    alignVertical: 'center',
    borderColor: '#ffffff',
    borderStyle: 'thin',
  },
  group: { fontWeight: 'bold', fontSize: 12, textColor: ink, backgroundColor: '#d9e3e1' },
  section: { fontWeight: 'bold', textColor: ink, backgroundColor: '#efece5' },
  text: { wrap: true, alignVertical: 'top', textColor: ink },
  middle: { wrap: true, alignVertical: 'top', align: 'center', textColor: ink },
  strong: { wrap: true, alignVertical: 'top', fontWeight: 'bold', textColor: ink },
};

// The library's own types of these take a type that it does not export.
type Written = Parameters<typeof writeExcelFile>[0];
type Feature = NonNullable<NonNullable<Parameters<typeof writeExcelFile>[1]>['features']>[number];

const caps = { files: 200, bytes: 512 * 1024 * 1024, ratio: 10_000 };

/**
 * An .xlsx of text cells and nothing else: no formula, no macro, no link. The same sheets give the same bytes.
 * @param rows every sheet has at least one
 */
export async function writeSheets(sheets: readonly OutSheet[]): Promise<Buffer> {
  const written: Written = sheets.map((sheet) => ({
    sheet: sheet.name,
    data: sheet.rows.map(({ cells }) => cells.map(cellOf)),
    columns: sheet.widths.map((width) => ({ width })),
    ...(sheet.frozenRows !== undefined && { stickyRowsCount: sheet.frozenRows }),
    ...(sheet.frozenColumns !== undefined && { stickyColumnsCount: sheet.frozenColumns }),
    ...(sheet.colours !== undefined && { conditionalFormatting: colouring(sheet) }),
  }));
  const made = await writeExcelFile(written, {
    fontFamily: 'Calibri',
    fontSize: 10,
    features: [extras(sheets)],
  }).toBuffer();
  return timeless(made);
}

/** At least one: the library can't write an empty list. */
const colouring = ({ colours = [], rows }: OutSheet) =>
  colours.flatMap(({ columns, firstRow, words }) =>
    columns.flatMap((column) =>
      Object.entries(words).map(([word, backgroundColor]) => ({
        cellRange: {
          from: { row: firstRow, column: column + 1 },
          to: { row: Math.max(rows.length, firstRow), column: column + 1 },
        },
        condition: { operator: '=' as const, value: word },
        style: { backgroundColor },
      })),
    ),
  );

function cellOf(cell: OutCell): CellObject | null {
  if (cell === null || cell === '') return null;
  const { text, style = 'text', across } = typeof cell === 'string' ? { text: cell } : cell;
  return {
    value: cellText(text),
    type: String,
    ...look[style],
    ...(across !== undefined && { columnSpan: across }),
  };
}

/** What the library leaves to its users: hidden sheets, folded rows, lists to choose from. */
function extras(sheets: readonly OutSheet[]): Feature {
  return {
    files: {
      transform: {
        'xl/workbook.xml': {
          transformElementAttributes: (tag, attributes, index) =>
            tag === 'sheet' && sheets[index ?? -1]?.hidden === true
              ? { ...attributes, state: 'hidden' }
              : attributes,
        },
        'xl/worksheets/sheet{id}.xml': {
          transformElementAttributes: (tag, attributes, index, _options, { sheetIndex }) => {
            const level = sheets[sheetIndex]?.rows[index ?? -1]?.level ?? 0;
            return tag === 'row' && level > 0 ? { ...attributes, outlineLevel: level } : attributes;
          },
          transform: (xml, _options, { sheetIndex }) => withChoices(xml, sheets[sheetIndex]),
        },
      },
    },
  };
}

const columnName = (column: number): string =>
  (column >= 26 ? columnName(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26));

function withChoices(xml: string, sheet: OutSheet | undefined): string {
  const choices = sheet?.choices ?? [];
  if (sheet === undefined || choices.length === 0) return xml;
  const all = choices.map(({ column, from, firstRow }) => {
    const name = columnName(column);
    return `<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="${name}${firstRow}:${name}${Math.max(sheet.rows.length, firstRow)}"><formula1>${from}</formula1></dataValidation>`;
  });
  const markup = `<dataValidations count="${all.length}">${all.join('')}</dataValidations>`;
  // Of what this sheet has, only these stand after the validations.
  const at = [
    '<hyperlinks',
    '<printOptions',
    '<pageMargins',
    '<pageSetup',
    '<headerFooter',
    '<drawing',
    '</worksheet>',
  ]
    .map((tag) => xml.indexOf(tag))
    .filter((found) => found >= 0);
  const before = Math.min(...at);
  return `${xml.slice(0, before)}${markup}${xml.slice(before)}`;
}

/** The same parts without the time they were written at. */
async function timeless(bytes: Buffer): Promise<Buffer> {
  const files = await unzip(bytes, caps);
  return zip(
    files.map(({ path, bytes: part }) => ({
      path,
      bytes:
        path === 'docProps/core.xml'
          ? Buffer.from(
              Buffer.from(part)
                .toString('utf8')
                .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '1980-01-01T00:00:00Z'),
            )
          : part,
    })),
  );
}
