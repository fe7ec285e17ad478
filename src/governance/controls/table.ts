import { CsvError, parse } from 'csv-parse/sync';
import { AnswersRefused } from './errors.ts';

/** What may be read of a file at most. */
export const tableCaps = { bytes: 8 << 20, rows: 5_000, columns: 60, cell: 20_000 } as const;

export type TableRow = { readonly line: number; readonly cells: readonly string[] };

/** A spreadsheet's CSV: UTF-8 or, with its mark, UTF-16; commas or semicolons. Cells are text. @throws {AnswersRefused} */
export function readTable(bytes: Uint8Array): TableRow[] {
  if (bytes.length > tableCaps.bytes)
    throw new AnswersRefused(`It is larger than ${tableCaps.bytes >> 20} MiB.`);
  const text = decoded(bytes);
  const firstLine = text.slice(0, Math.max(0, text.indexOf('\n')) || undefined);
  const delimiter = firstLine.split(';').length > firstLine.split(',').length ? ';' : ',';
  const rows: TableRow[] = [];
  try {
    parse(text, {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
      max_record_size: tableCaps.columns * tableCaps.cell,
      info: true,
      on_record: (found: unknown) => {
        // With `info` each record comes with where it is; cells are text as nothing casts them.
        const { info, record } = found as { info: { lines: number }; record: string[] };
        rows.push({ line: info.lines, cells: record });
        if (rows.length > tableCaps.rows + 1)
          throw new AnswersRefused(`It has more than ${tableCaps.rows} rows.`);
        if (record.length > tableCaps.columns)
          throw new AnswersRefused(`Line ${info.lines} has more than ${tableCaps.columns} columns.`);
        if (record.some((cell) => cell.length > tableCaps.cell))
          throw new AnswersRefused(
            `A cell in line ${info.lines} is longer than ${tableCaps.cell} characters.`,
          );
        return null;
      },
    });
  } catch (error) {
    if (error instanceof AnswersRefused) throw error;
    if (error instanceof CsvError) {
      const at = typeof error['lines'] === 'number' ? `Around line ${error['lines']}: ` : '';
      throw new AnswersRefused(`${at}${wordsOf(error.code)}.`);
    }
    throw error;
  }
  return rows;
}

const wordsOf = (code: string): string =>
  code.includes('QUOTE')
    ? 'a quote is not closed, or stands inside a cell'
    : code.toLowerCase().replaceAll('_', ' ');

function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (text.includes('\0')) throw new AnswersRefused('It holds bytes that are no text.');
    return text;
  } catch (error) {
    if (error instanceof AnswersRefused) throw error;
    throw new AnswersRefused('It is no UTF-8 text. Save it as "CSV UTF-8".');
  }
}

/** A cell for a spreadsheet: quoted where it has to be, and never a formula. */
export function cellOf(text: string): string {
  const safe = startsFormula(text) ? `'${text}` : text;
  return /[",;\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The text of a cell as it was before `cellOf`. */
export const textOf = (cell: string): string =>
  cell.startsWith("'") && startsFormula(cell.slice(1)) ? cell.slice(1) : cell;

/** SOURCE: OWASP, CSV injection. */
export const startsFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text);
