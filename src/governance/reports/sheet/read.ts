import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { ArchiveRefused, unzip } from '../archive/unzip.ts';
import { zip } from '../archive/zip.ts';
import { SheetRefused } from '../errors.ts';

/** What may be read of a spreadsheet at most. */
export const sheetCaps = {
  bytes: 16 * 1024 * 1024,
  unpackedBytes: 128 * 1024 * 1024,
  parts: 300,
  ratio: 200,
  rows: 20_000,
  columns: 200,
  milliseconds: 30_000,
  megabytes: 768,
} as const;

export type ReadCell = string | number | boolean | Date | null;
export type ReadSheet = {
  readonly name: string;
  readonly hidden: boolean;
  readonly rows: readonly (readonly ReadCell[])[];
};

const answer = z.array(
  z.object({
    sheet: z.string(),
    data: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.date(), z.null()]))),
  }),
);

/**
 * Reads every sheet of an .xlsx, in a thread of its own: what a hostile one does to it ends with it.
 * Text comes as it stands in the file, line ends as `\n`.
 * @throws {SheetRefused} when it is none, or larger than `sheetCaps`
 */
export async function readSheets(bytes: Buffer): Promise<ReadSheet[]> {
  if (bytes.length > sheetCaps.bytes)
    throw new SheetRefused(`It is larger than ${sheetCaps.bytes / 1024 / 1024} MB.`);
  const parts = await unzip(bytes, {
    files: sheetCaps.parts,
    bytes: sheetCaps.unpackedBytes,
    ratio: sheetCaps.ratio,
  }).catch((error: unknown) => {
    if (!(error instanceof ArchiveRefused)) throw error;
    throw new SheetRefused(`An .xlsx is a zip archive, and ${error.message}.`, error);
  });
  const workbook = parts.find(({ path }) => path === 'xl/workbook.xml');
  if (workbook === undefined)
    throw new SheetRefused('It is a zip archive without a workbook in it. Save it as .xlsx and try again.');
  const text = Buffer.from(workbook.bytes).toString('utf8');
  // The reader gets an archive that we wrote, so that nothing is in it that was not counted.
  const sheets = await inThread(zip(parts, 'store'));
  const hidden = hiddenSheets(text);
  return sheets.map(({ sheet, data }) => ({
    name: sheet,
    hidden: hidden.has(sheet),
    rows: data.map((row) =>
      row.map((cell) => (typeof cell === 'string' ? cell.replaceAll(/\r\n?/g, '\n') : cell)),
    ),
  }));
}

/** Which sheets are not shown. Linear in the text's length. */
function hiddenSheets(workbook: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [tag] of workbook.matchAll(/<sheet\s[^<>]{0,2000}>/g)) {
    if (!/\sstate="(hidden|veryHidden)"/.test(tag)) continue;
    const name = /\sname="([^"]{0,200})"/.exec(tag)?.[1];
    if (name !== undefined)
      names.add(
        name
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&quot;', '"')
          .replaceAll('&apos;', "'")
          .replaceAll('&amp;', '&'),
      );
  }
  return names;
}

function inThread(bytes: Buffer): Promise<z.infer<typeof answer>> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { bytes, rows: sheetCaps.rows, columns: sheetCaps.columns },
    resourceLimits: { maxOldGenerationSizeMb: sheetCaps.megabytes },
    stdout: true,
    stderr: true,
  });
  return new Promise((resolve, reject) => {
    const refuse = (why: string, cause?: unknown): void => {
      clearTimeout(timer);
      reject(new SheetRefused(why, cause));
      void worker.terminate();
    };
    const timer = setTimeout(
      () => refuse(`Reading it takes longer than ${sheetCaps.milliseconds / 1000} s.`),
      sheetCaps.milliseconds,
    );
    worker.once('message', (message: unknown) => {
      clearTimeout(timer);
      const read = answer.safeParse(message);
      if (read.success) resolve(read.data);
      else refuse('It has a sheet with more rows or columns than any annex has.', message);
      void worker.terminate();
    });
    worker.once('error', (error) => refuse('Its sheets can’t be read.', error));
    worker.once('exit', () => refuse('Reading it ended early.'));
  });
}
