import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EventBlock, openEvents } from '#platform/events';
import { LineReader, loadMaps, mapColumns, Normaliser, Planner } from '#soc/normalise';
import { type BatchDeps, processBatch } from '../../src/soc/detect/batch.ts';
import { EventUids } from '../../src/soc/detect/event-uid.ts';
import { Exceptions } from '../../src/soc/detect/exceptions.ts';
import type { BatchInput, RuleText } from '../../src/soc/detect/protocol.ts';
import { corpusRules } from '../../test/corpus.ts';
import { eventLines } from './events.ts';
import { compileRules } from '../../src/soc/detect/sigma-rules.ts';

const perBatch = 5000;

export type References = {
  readonly lines: number;
  readonly bytesPerEvent: number;
  readonly parse: number;
  readonly worker: number;
  readonly insert: number;
};

/** Processor seconds of this process so far: what is measured by them does not depend on what else the machine does. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** @returns events per processor second, the best of five rounds */
function jsonParseRate(lines: readonly string[]): number {
  let best = 0;
  for (let round = 0; round < 5; round++) {
    const started = cpuSeconds();
    for (const line of lines) JSON.parse(line);
    best = Math.max(best, lines.length / (cpuSeconds() - started));
  }
  return best;
}

function batchOf(lines: readonly string[]): BatchInput {
  const items = lines.map((line) => Buffer.from(line));
  const bytes = new ArrayBuffer(items.reduce((sum, item) => sum + item.length, 0));
  let at = 0;
  for (const item of items) at += item.copy(Buffer.from(bytes), at);
  const frame = {
    source: 'bench',
    tenancy: 'acme-odce',
    format: null,
    recorded: true,
    firstSequence: 1,
    wire: 'json' as const,
    receivedMs: Date.now(),
    peer: '',
    itemBytes: items.map((item) => item.length),
    clientIds: items.map(() => ''),
    stored: [],
  };
  return { bytes, frames: [frame] };
}

/** What one worker does on one core: parse, recognise, match all rules, normalise, encode. @returns events per processor second and the blocks made */
function workerRate(
  lines: readonly string[],
  texts: readonly RuleText[],
): { perSecond: number; blocks: { block: Uint8Array; rows: number }[] } {
  const maps = loadMaps(fileURLToPath(new URL('../../content/normalise', import.meta.url)));
  const deps: BatchDeps = {
    rules: compileRules({ version: 'bench', texts, disabled: [], exceptions: [] }).ruleset,
    exceptions: new Exceptions([]),
    maps,
    planner: new Planner(maps, mapColumns()),
    lines: new LineReader(maps),
    normaliser: new Normaliser(),
    block: new EventBlock(),
    uids: new EventUids(),
    now: () => 0,
  };
  let perSecond = 0;
  let blocks: { block: Uint8Array; rows: number }[] = [];
  for (let round = 0; round < 4; round++) {
    blocks = [];
    const started = cpuSeconds();
    for (let at = 0; at < lines.length; at += perBatch) {
      const { block, rows } = processBatch(deps, batchOf(lines.slice(at, at + perBatch)));
      blocks.push({ block, rows });
    }
    perSecond = Math.max(perSecond, lines.length / (cpuSeconds() - started));
  }
  return { perSecond, blocks };
}

/** The same rows into a fresh event store, nothing else. */
async function insertRate(
  blocks: readonly { readonly block: Uint8Array; readonly rows: number }[],
  seconds: number,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'ironbark-bench-'));
  const events = await openEvents({ folder });
  try {
    let rows = 0;
    const started = performance.now();
    for (let at = 0; performance.now() - started < seconds * 1000; at++) {
      const one = blocks[at % blocks.length];
      if (one === undefined) break;
      await events.insert(one.block);
      rows += one.rows;
    }
    return (rows / (performance.now() - started)) * 1000;
  } finally {
    await events.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/*
 * Forked by run.ts, so that what is measured here leaves nothing in the memory of what is measured there. The blocks do
 * not survive the journey: the insertion is measured here too.
 */
if (process.send !== undefined && process.argv[1] === fileURLToPath(import.meta.url)) {
  const [lineCount = '20000', seconds = '20'] = process.argv.slice(2);
  const lines = await eventLines(Number(lineCount));
  const texts = await corpusRules([
    'rules/',
    'rules-emerging-threats/',
    'rules-threat-hunting/',
    'rules-compliance/',
  ]);
  const parse = jsonParseRate(lines);
  const worker = workerRate(lines, texts);
  const insert = await insertRate(worker.blocks, Number(seconds));
  const bytesPerEvent = lines.reduce((sum, line) => sum + line.length, 0) / lines.length;
  process.send({ lines: lines.length, bytesPerEvent, parse, worker: worker.perSecond, insert }, () =>
    process.disconnect(),
  );
}
