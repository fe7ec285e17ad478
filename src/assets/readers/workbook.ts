import readSheets from 'read-excel-file/node';
import { caps, Unreadable } from './record.ts';
import { type Table, tableOf } from './table.ts';

/** How much a workbook may unpack to: it is a zip, and a small one can hold a lot. */
const unpackedBytes = 256 * 1024 * 1024;

/** Those of the named sheets that are there, with their first row as names of the columns. */
export async function readWorkbook(bytes: Uint8Array, names: readonly string[]): Promise<Table[]> {
  const declared = unpackedSize(bytes);
  if (declared === undefined) throw new Unreadable('It is no whole workbook: was the end cut off?');
  if (declared > unpackedBytes)
    throw new Unreadable(`It unpacks to more than ${unpackedBytes / 1024 / 1024} MiB.`);
  let sheets: Awaited<ReturnType<typeof readSheets>>;
  try {
    sheets = await readSheets(Buffer.from(bytes));
  } catch (error) {
    throw new Unreadable(
      `It is no workbook (.xlsx): ${error instanceof Error ? error.message.slice(0, 120) : 'unknown'}`,
    );
  }
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return sheets.flatMap(({ sheet, data }) => {
    const [head, ...rows] = data;
    if (!wanted.has(sheet.toLowerCase()) || head === undefined) return [];
    if (rows.length > caps.rows) throw new Unreadable(`"${sheet}" has more than ${caps.rows} rows.`);
    return [
      tableOf(
        head.map(cellText),
        rows.map((cells, at) => ({ line: at + 2, cells: cells.map(cellText) })),
      ),
    ];
  });
}

function cellText(cell: unknown): string {
  const text =
    cell instanceof Date
      ? cell.toISOString()
      : ['string', 'number', 'boolean'].includes(typeof cell)
        ? `${cell as string}`
        : ''; // one of the three
  return text.slice(0, caps.cell).trim();
}

/** The sum of what the zip's directory declares; undefined where there is none. @see APPNOTE.TXT 4.3.12, 4.3.16 */
function unpackedSize(bytes: Uint8Array): number | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = view.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 20 > view.length) return undefined;
  let at = view.readUInt32LE(end + 16);
  let sum = 0;
  for (let left = view.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > view.length || view.readUInt32LE(at) !== 0x02014b50) return undefined;
    sum += view.readUInt32LE(at + 24);
    at += 46 + view.readUInt16LE(at + 28) + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32);
  }
  return sum;
}
