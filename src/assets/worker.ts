/** Reads a foreign file in a thread of its own: what a hostile one does to memory and time ends with it. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { importFormats } from './contract.ts';
import { readFile } from './readers/read.ts';
import { Unreadable } from './readers/record.ts';

const given = z
  .object({
    bytes: z.instanceof(Uint8Array),
    format: z.enum(['auto', ...importFormats]),
    source: z.string().optional(),
    host: z.string().optional(),
    fileName: z.string(),
  })
  .parse(workerData);

try {
  parentPort?.postMessage({ read: await readFile(given.bytes, given.format, given) });
} catch (error) {
  if (!(error instanceof Unreadable)) throw error;
  parentPort?.postMessage({ unreadable: error.message });
}
