import { caps, Unreadable } from './record.ts';

export type TableRow = { readonly line: number; readonly cell: (column: string) => string };
export type Table = { readonly columns: readonly string[]; readonly rows: readonly TableRow[] };

/** Column names without case, spaces and signs: `Depends on` is `dependson`. */
export const columnName = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/**
 * Separated values as spreadsheets save them: comma, semicolon or tab, quoted cells that hold anything, any line ends. One
 * pass. A cell that begins like a formula is text; the quote that exports put before one is taken away.
 * @see RFC 4180
 * @throws {Unreadable}
 */
export function readTable(text: string): Table {
  const lines = cells(text, separatorOf(text));
  const [head, ...rest] = lines;
  if (head === undefined) throw new Unreadable('It is empty.');
  return tableOf(head.cells, rest);
}

/** @throws {Unreadable} where a column is there twice */
export function tableOf(
  head: readonly string[],
  rest: readonly { line: number; cells: readonly string[] }[],
): Table {
  const at = new Map<string, number>();
  for (const [position, name] of head.entries()) {
    const plain = columnName(name);
    if (plain === '') continue;
    if (at.has(plain)) throw new Unreadable(`The column "${name.slice(0, 60)}" is there twice.`);
    at.set(plain, position);
  }
  return {
    columns: [...at.keys()],
    rows: rest.map(({ line, cells: own }) => ({
      line,
      cell: (column) => unquoted(own[at.get(column) ?? -1] ?? ''),
    })),
  };
}

const unquoted = (cell: string): string => (/^'[=+\-@\t]/.test(cell) ? cell.slice(1) : cell);

/** What the first line has most of, outside quotes. */
function separatorOf(text: string): string {
  const first = text.slice(0, 20_000).split(/\r?\n|\r/, 1)[0] ?? '';
  const bare = first.replaceAll(/"[^"]*"/g, '');
  const most = [',', ';', '\t'].map((sign) => ({ sign, count: bare.split(sign).length }));
  return most.reduce((best, one) => (one.count > best.count ? one : best)).sign;
}

function cells(text: string, separator: string): { line: number; cells: string[] }[] {
  const rows: { line: number; cells: string[] }[] = [];
  let own: string[] = [];
  let start = 0;
  let line = 1;
  let startLine = 1;
  let pieces = '';
  let quoted = false;
  let wasQuoted = false;
  const endCell = (at: number): void => {
    const cell = (wasQuoted ? pieces : text.slice(start, at)).trim();
    if (cell.length > caps.cell)
      throw new Unreadable(`A cell in line ${startLine} is longer than ${caps.cell} characters.`);
    own.push(cell);
    if (own.length > 1000) throw new Unreadable(`Line ${startLine} has more than 1,000 columns.`);
    start = at + 1;
    pieces = '';
    wasQuoted = false;
  };
  const endRow = (at: number): void => {
    endCell(at);
    if (own.some((cell) => cell !== '')) rows.push({ line: startLine, cells: own });
    if (rows.length > caps.rows + 1) throw new Unreadable(`It has more than ${caps.rows} rows.`);
    own = [];
    startLine = line;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    const endsLine = char === '\n' || (char === '\r' && text[at + 1] !== '\n');
    if (endsLine) line++;
    if (quoted) {
      if (char !== '"') continue;
      if (text[at + 1] === '"') {
        pieces += text.slice(start, at + 1);
        start = ++at + 1;
      } else {
        pieces += text.slice(start, at);
        start = at + 1;
        quoted = false;
      }
    } else if (char === '"' && !wasQuoted && text.slice(start, at).trim() === '') {
      quoted = true;
      wasQuoted = true;
      start = at + 1;
    } else if (char === separator) endCell(at);
    else if (endsLine) endRow(at);
  }
  if (quoted) throw new Unreadable(`The quote that opens in line ${startLine} is never closed.`);
  endRow(text.length);
  return rows;
}
