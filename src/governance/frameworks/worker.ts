/** Reads a catalogue in a thread of its own: checking a large one takes seconds, in which others want answers. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { CatalogueRefused } from './errors.ts';
import type { Answer } from './read-apart.ts';
import { readEdition } from './read-catalogue.ts';

const given = z
  .object({ name: z.string(), files: z.array(z.object({ path: z.string(), text: z.string() })) })
  .parse(workerData);

function answer(): Answer {
  try {
    return { edition: readEdition(given.name, given.files) };
  } catch (error) {
    if (!(error instanceof CatalogueRefused)) throw error;
    return { refused: { name: error.subject, faults: error.faults } };
  }
}
parentPort?.postMessage(answer());
