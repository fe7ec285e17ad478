import { EvidenceRefused } from '../errors.ts';
import type { FileRow } from '../importer.ts';
import { caps } from './caps.ts';

type Line = { readonly line: number; readonly text: string; readonly ended: boolean };
type Row = { line: number; cells: string[]; ended: boolean; open: boolean };

/**
 * Comma-, semicolon- or tab-separated values as spreadsheets save them, by the names of the first row that has text.
 * Cells are text, whatever they begin with. One pass, no backtracking, one row in memory.
 * @throws {EvidenceRefused} when the first row names no columns, or two the same
 * @see RFC 4180
 */
export async function* csvRows(lines: AsyncIterable<Line>): AsyncGenerator<FileRow> {
  let names: readonly string[] | undefined;
  for await (const row of splitRows(lines)) {
    if (row.cells.every((cell) => cell === '') && !row.open) continue;
    if (names === undefined) {
      names = headerOf(row);
      continue;
    }
    if (row.open) {
      const why = `A quote is opened in line ${row.line} and never closed: the file stops there.`;
      yield { ok: false, row: row.line, why, cutOff: true };
    } else if (row.cells.length > names.length) {
      const why = `It has ${row.cells.length} cells, the first row ${names.length}.`;
      yield { ok: false, row: row.line, why, cutOff: false };
    } else if (!row.ended && row.cells.length < names.length) {
      const why = `The file stops in the middle of this row: ${row.cells.length} cells of ${names.length}.`;
      yield { ok: false, row: row.line, why, cutOff: true };
    } else {
      const cells: Record<string, string> = {};
      for (const [at, name] of names.entries()) cells[name] = row.cells[at] ?? '';
      yield { ok: true, row: row.line, cells };
    }
  }
}

function headerOf({ cells, line }: Row): readonly string[] {
  if (cells.length > caps.columns)
    throw new EvidenceRefused(`line ${line} has more than ${caps.columns} columns.`);
  while (cells.at(-1) === '') cells.pop();
  const unnamed = cells.indexOf('');
  if (unnamed >= 0) throw new EvidenceRefused(`column ${unnamed + 1} of the first row has no name.`);
  const twice = cells.find((cell, at) => cells.indexOf(cell) !== at);
  if (twice !== undefined) throw new EvidenceRefused(`the first row names the column "${twice}" twice.`);
  return cells;
}

async function* splitRows(lines: AsyncIterable<Line>): AsyncGenerator<Row> {
  let separator: string | undefined;
  let open: (Row & { cell: string; size: number }) | undefined;
  for await (const { line, text, ended } of lines) {
    separator ??= separatorOf(text);
    const row = open ?? { line, cells: [], ended, open: false, cell: '', size: 0 };
    row.ended = ended;
    row.size += text.length;
    if (row.size > caps.recordBytes)
      throw new EvidenceRefused(`the row that begins in line ${row.line} is larger than 4 MiB.`);
    splitLine(row, text, separator);
    if (row.open) {
      row.cell += '\n';
      open = row;
    } else {
      open = undefined;
      yield row;
    }
    if (row.cells.length > caps.columns * 2)
      throw new EvidenceRefused(`line ${row.line} has more than ${caps.columns * 2} cells.`);
  }
  if (open !== undefined) {
    open.cells.push(open.cell);
    yield open;
  }
}

/** Continues `row` with a line; `row.open` says whether a quoted cell goes on in the next. */
function splitLine(row: Row & { cell: string }, text: string, separator: string): void {
  let quoted = row.open;
  let wasQuoted = quoted;
  let { cell } = row;
  const endCell = (): void => {
    row.cells.push(wasQuoted ? cell : cell.trim());
    cell = '';
    wasQuoted = false;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (quoted) {
      if (char !== '"') {
        const close = text.indexOf('"', at);
        const end = close < 0 ? text.length : close;
        cell += text.slice(at, end);
        at = end - 1;
      } else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (char === '"' && cell.trim() === '') {
      cell = '';
      quoted = true;
      wasQuoted = true;
    } else if (char === separator) endCell();
    else cell += char;
  }
  row.open = quoted;
  row.cell = cell;
  if (!quoted) {
    endCell();
    row.cell = '';
  }
}

/** The one of , ; and tab that the first row has most of. */
function separatorOf(text: string): string {
  const counts = [',', ';', '\t'].map((one) => [one, text.split(one).length - 1] as const);
  return counts.reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}
