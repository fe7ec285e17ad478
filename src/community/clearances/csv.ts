/** What may be read of a file at most. */
export const csvCaps = { bytes: 1024 * 1024, rows: 5_000, columns: 40, cell: 1_000 } as const;

export type CsvRow = {
  /** The line of the file it starts at, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
};
export type Csv =
  | { readonly ok: true; readonly rows: readonly CsvRow[] }
  | { readonly ok: false; readonly why: string };

/**
 * Comma-separated values as spreadsheets save them: with or without a byte order mark, with any mix of line ends, with
 * quoted cells that hold commas, quotes and line ends. One pass, no backtracking. Rows without any text are left out.
 * @see RFC 4180
 */
export function readCsv(bytes: Uint8Array): Csv {
  if (bytes.length > csvCaps.bytes) return refuse(`The file is larger than ${csvCaps.bytes / 1024} KiB.`);
  const text = decoded(bytes);
  if (text === undefined)
    return refuse('The file is no UTF-8 text. Save it as "CSV UTF-8" and import it again.');
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let startLine = 1;

  const endCell = (): void => {
    cells.push(cell.trim());
    cell = '';
  };
  const endRow = (): void => {
    endCell();
    if (cells.some((one) => one !== '')) rows.push({ line: startLine, cells });
    cells = [];
    startLine = line;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    const endsLine = char === '\n' || (char === '\r' && text[at + 1] !== '\n');
    if (endsLine) line++;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[++at] ?? '';
      else quoted = false;
    } else if (char === '"' && cell.trim() === '') {
      cell = '';
      quoted = true;
    } else if (char === ',') endCell();
    else if (endsLine) endRow();
    else if (char !== '\r') cell += char;
    if (cell.length > csvCaps.cell)
      return refuse(`A cell in line ${startLine} is longer than ${csvCaps.cell} characters.`);
    if (cells.length > csvCaps.columns)
      return refuse(`Line ${startLine} has more than ${csvCaps.columns} columns.`);
    if (rows.length > csvCaps.rows) return refuse(`The file has more than ${csvCaps.rows} rows.`);
  }
  if (quoted) return refuse(`The quote that opens in line ${startLine} is never closed.`);
  endRow();
  return { ok: true, rows };
}

const refuse = (why: string): Csv => ({ ok: false, why });

function decoded(bytes: Uint8Array): string | undefined {
  try {
    // The decoder takes the byte order mark away.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
