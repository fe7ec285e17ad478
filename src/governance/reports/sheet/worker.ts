/** Reads a spreadsheet in a thread of its own, and gives back its cells, or why not. */
import { parentPort, workerData } from 'node:worker_threads';
import readExcelFile from 'read-excel-file/node';
import { z } from 'zod';

const given = z
  .object({ bytes: z.instanceof(Uint8Array), rows: z.number(), columns: z.number() })
  .parse(workerData);

const sheets = await readExcelFile(Buffer.from(given.bytes), { trim: false });
const large = sheets.find(
  ({ data }) => data.length > given.rows || data.some((row) => row.length > given.columns),
);
parentPort?.postMessage(large === undefined ? sheets : { large: large.sheet });
