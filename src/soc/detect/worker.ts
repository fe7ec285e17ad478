import { parentPort, workerData } from 'node:worker_threads';
import { EventBlock } from '#platform/events';
import { LineReader, loadMaps, mapColumns, Normaliser, Planner } from '#soc/normalise';
import { type BatchDeps, processBatch } from './batch.ts';
import { EventUids } from './event-uid.ts';
import { Exceptions } from './exceptions.ts';
import type { WorkerData } from './pool.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import { compileRules } from './sigma-rules.ts';

const tellCostsMilliseconds = 10_000;

/*
 * A worker thread of the pool: compiles its rules, says so, then answers batches one after the other.
 * A fault in a batch is answered, not thrown: only what ends the thread itself (memory, a bug in V8) loses it.
 */
function start(port: NonNullable<typeof parentPort>, { mapsFolder, rules, pipelines }: WorkerData): void {
  const tell = (message: FromWorker, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer);
  const maps = loadMaps(mapsFolder);
  const compiled = compileRules(rules, pipelines);
  const makeDeps = (): BatchDeps => ({
    rules: compiled.ruleset,
    exceptions: new Exceptions(rules.exceptions),
    maps,
    planner: new Planner(maps, mapColumns()),
    lines: new LineReader(maps),
    normaliser: new Normaliser(),
    block: new EventBlock(),
    uids: new EventUids(),
    now: Date.now,
  });
  let deps = makeDeps();
  let toldAt = Number.NEGATIVE_INFINITY;
  port.on('message', ({ id, batch }: ToWorker) => {
    try {
      const outcome = processBatch(deps, batch);
      tell({ kind: 'done', id, outcome }, [outcome.block.buffer]);
      if (performance.now() - toldAt > tellCostsMilliseconds) {
        toldAt = performance.now();
        tell({ kind: 'costs', costs: compiled.ruleset.costs() });
      }
    } catch (error) {
      // Half a row may be in the block.
      deps = makeDeps();
      tell({
        kind: 'failed',
        id,
        message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      });
    } finally {
      // Megabytes, given back now and not when this thread next collects its garbage.
      batch.bytes.transfer(0);
    }
  });
  const { facts, correlations, rejectedRules } = compiled;
  tell({ kind: 'ready', loaded: { rules: facts, correlations, rejectedRules } });
}

// The pool is the only one that starts this file, and gives it just this.
if (parentPort !== null) start(parentPort, workerData as WorkerData);
