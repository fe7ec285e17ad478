/** Reads a large file of evidence in a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { readForAnother } from '#governance/evidence';
import { evidenceImporters, evidenceKinds } from './kinds.ts';

const given = workerData as Parameters<typeof readForAnother>[1]; // Our own thread gives nothing else.
const deps = { kinds: evidenceKinds, importers: evidenceImporters };
parentPort?.postMessage(await readForAnother(deps, given));
