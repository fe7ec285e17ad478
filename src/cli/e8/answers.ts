import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { type ImplementationStatus, implementationStatus } from '#contract/governance';
import { readAnnex, readSheets } from '#governance/reports';
import { UsageError } from '../errors.ts';

export type Answers = {
  readonly byControl: ReadonlyMap<string, ImplementationStatus>;
  /** Rows that say nothing that can be taken, and why: none of them counts. */
  readonly bad: readonly { readonly row: number; readonly why: string }[];
};
const mostBytes = 16 * 1024 * 1024;
const mostRows = 20_000;

const pair = z.object({ control: z.string(), status: z.string() });
const asJson = z.union([z.array(pair).max(mostRows), z.record(z.string(), z.string())]);

/**
 * How controls were answered: CSV with the columns control and status, JSON (a list of these, or an object of status by
 * control), or an SSP annex (.xlsx). @throws {UsageError} {SheetRefused}
 */
export async function readAnswers(name: string, bytes: Buffer): Promise<Answers> {
  if (bytes.length > mostBytes)
    throw new UsageError(`"${name}" is larger than ${mostBytes / 1024 / 1024} MB.`);
  // An .xlsx is a zip archive.
  if (bytes.subarray(0, 2).toString('latin1') === 'PK') return ofAnnex(await readSheets(bytes));
  const text = new TextDecoder('utf-8').decode(bytes);
  return taken(/^\s*[[{]/.test(text) ? rowsOfJson(name, text) : rowsOfCsv(name, text));
}

type Row = { readonly row: number; readonly control: string; readonly status: string };

function rowsOfJson(name: string, text: string): Row[] {
  let read: z.output<typeof asJson>;
  try {
    read = asJson.parse(JSON.parse(text));
  } catch (error) {
    throw new UsageError(`"${name}" is no list of {"control", "status"}, and no object of them.`, {}, error);
  }
  const pairs = Array.isArray(read)
    ? read
    : Object.entries(read).map(([control, status]) => ({ control, status }));
  return pairs.map((one, at) => ({ row: at + 1, ...one }));
}

function rowsOfCsv(name: string, text: string): Row[] {
  let rows: string[][];
  try {
    rows = parse(text, {
      bom: true,
      delimiter: [',', ';', '\t'],
      relax_column_count: true,
      trim: true,
      to: mostRows,
    });
  } catch (error) {
    throw new UsageError(
      `"${name}" is no CSV: ${error instanceof Error ? error.message.slice(0, 120) : 'unknown'}`,
      {},
      error,
    );
  }
  const names = (rows[0] ?? []).map((cell) => cell.toLowerCase().replaceAll(/[^a-z]/g, ''));
  const control = names.findIndex((one) => ['control', 'identifier', 'id', 'ismcontrol'].includes(one));
  const status = names.findIndex((one) => ['status', 'implementationstatus'].includes(one));
  if (control < 0 || status < 0)
    throw new UsageError(`"${name}" has no columns "control" and "status" in its first row.`);
  return rows
    .slice(1)
    .map((cells, at) => ({ row: at + 2, control: cells[control] ?? '', status: cells[status] ?? '' }));
}

function taken(rows: readonly Row[]): Answers {
  const byControl = new Map<string, ImplementationStatus>();
  const bad: { row: number; why: string }[] = [];
  for (const { row, control, status } of rows) {
    const id = /^(?:ism-?)?(\d{4})$/i.exec(control.trim())?.[1];
    const read = implementationStatus.options.find(
      (one) => one.toLowerCase() === status.trim().toLowerCase(),
    );
    if (id === undefined) bad.push({ row, why: `"${control.slice(0, 40)}" is no control like ism-1504.` });
    else if (read === undefined)
      bad.push({
        row,
        why: `"${status.slice(0, 40)}" is no status: ${implementationStatus.options.join(', ')}.`,
      });
    else if (byControl.has(`ism-${id}`))
      bad.push({ row, why: `ism-${id} was answered above: this row doesn't count.` });
    else byControl.set(`ism-${id}`, read);
  }
  return { byControl, bad };
}

function ofAnnex(sheets: Awaited<ReturnType<typeof readSheets>>): Answers {
  const { rows, faults } = readAnnex(sheets);
  const read = taken(rows.map(({ row, control, status }) => ({ row, control, status })));
  return { ...read, bad: [...read.bad, ...faults.map(({ row, why }) => ({ row, why }))] };
}
