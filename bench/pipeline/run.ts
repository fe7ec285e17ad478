/**
 * `_bulk` over HTTP to stored and detected, with every rule there is, on this machine: how fast, how much memory, how late.
 *
 *   node bench/pipeline/run.ts [--seconds 120] [--workers N] [--lines 20000] [--no-references]
 */
import { fork, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sourceId } from '#platform/scope';
import { spareCollections } from '#soc/pipeline';
import { openWorld } from '../../src/soc/pipeline/testing.ts';
import { corpusRules } from '../../test/corpus.ts';
import { cpuSecondsOf, type MemoryMegabytes, memoryOf } from './processes.ts';
import type { References } from './references.ts';

// As ./ironbark sets them; they count from the start of a process.
const memory = { MALLOC_MMAP_THRESHOLD_: '1048576', MALLOC_ARENA_MAX: '2' };
if (process.env['MALLOC_ARENA_MAX'] === undefined) {
  const { status } = spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...memory, ...process.env },
  });
  process.exit(status ?? 1);
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    workers: { type: 'string' },
    lines: { type: 'string', default: '20000' },
    references: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const seconds = Number(values.seconds);
const workers = Number(values.workers ?? Math.max(1, availableParallelism() - 1));
const lineCount = Number(values.lines);
const loadBefore = loadavg()
  .map((load) => load.toFixed(1))
  .join(', ');
/** So much may wait in the spool before the shipper is held back: the rate is then the pipeline's. */
const pendingEvents = 40_000;

type Shipped = { sent: number; failed: number; cpuSeconds: number };
/** Processor time in microseconds per event. */
type Cost = { main: number; detect: number; other: number; store: number; shipper: number };
type Phase = { perSecond: number; perBatch: number; memory: MemoryMegabytes[]; cost: Cost };

const references = values.references ? await measureReferences() : undefined;
const texts = await corpusRules([
  'rules/',
  'rules-emerging-threats/',
  'rules-threat-hunting/',
  'rules-compliance/',
]);

spareCollections();
const folder = await mkdtemp(join(tmpdir(), 'ironbark-bench-'));
const world = await openWorld({ folder, rules: texts, workers });
const token = await world.source('bench', { recorded: true });
const shipper = fork(
  fileURLToPath(new URL('./shipper.ts', import.meta.url)),
  [String(world.ingest.doors[0]?.port), token ?? '', String(lineCount)],
  { stdio: 'inherit' },
);
let shipped: Shipped = { sent: 0, failed: 0, cpuSeconds: 0 };
shipper.on('message', (message: Shipped) => {
  shipped = message;
});
while (!shipper.connected || shipped.cpuSeconds === 0) await sleep(50);

const pending = (): number =>
  world.spool.lastSequence(sourceId('bench')) - world.pipeline.status().committedEvents;

async function phase(perSecond: number, forSeconds: number): Promise<Phase> {
  shipper.send({ perSecond });
  // The first seconds warm up code, plans and connections.
  await sleep(Math.min(10_000, forSeconds * 200));
  const memory: MemoryMegabytes[] = [];
  const before = world.pipeline.status();
  const cpu = cpuSecondsOf(shipper.pid);
  const shipperCpu = shipped.cpuSeconds;
  const started = performance.now();
  let held = false;
  for (let tick = 0; performance.now() - started < forSeconds * 1000; tick++) {
    const tooMany = pending() > pendingEvents;
    if (tooMany !== held) {
      held = tooMany;
      shipper.send({ perSecond: held ? 0 : perSecond });
    }
    if (tick % 20 === 0) memory.push(memoryOf(shipper.pid));
    await sleep(50);
  }
  const after = world.pipeline.status();
  const events = after.committedEvents - before.committedEvents;
  const now = cpuSecondsOf(shipper.pid);
  const each = (seconds: number): number => (seconds / Math.max(events, 1)) * 1e6;
  return {
    perSecond: (events / (performance.now() - started)) * 1000,
    perBatch: events / Math.max(1, after.committedBatches - before.committedBatches),
    memory,
    cost: {
      main: each(now.main - cpu.main),
      detect: each(now.detect - cpu.detect),
      other: each(now.other - cpu.other),
      store: each(now.store - cpu.store),
      shipper: each(shipped.cpuSeconds - shipperCpu),
    },
  };
}

const full = await phase(1e6, seconds);
shipper.send({ perSecond: 0 });
while (pending() > 0) await sleep(50);
world.pipeline.resetLatency();
const half = await phase(Math.floor(Math.min(full.perSecond, 15_000) / 2), Math.max(20, seconds / 2));
const late = world.pipeline.status();
shipper.send({ perSecond: 0 });
while (pending() > 0) await sleep(50);

const total = world.pipeline.status().committedEvents;
const disk = (await world.events.size()).bytes;
const mean = (list: readonly number[]): number =>
  list.reduce((sum, value) => sum + value, 0) / Math.max(list.length, 1);
const third = Math.ceil(full.memory.length / 3);
const memoryRow = (name: string, of: (one: MemoryMegabytes) => number): [string, string] => {
  const [first, second, last] = [0, 1, 2].map((at) =>
    mean(full.memory.slice(at * third, (at + 1) * third).map(of)),
  );
  const most = Math.max(...full.memory.map(of));
  return [name, `${count(first)}, ${count(second)}, ${count(last)} MB; at most ${count(most)}`];
};
const count = (value = 0): string => Math.round(value).toLocaleString('en-AU');
const microseconds = ({ main, detect, other, store, shipper: load }: Cost): string =>
  `server ${(main + detect + other).toFixed(1)} us (main ${main.toFixed(1)}, detect ${detect.toFixed(1)}, other ${other.toFixed(1)}), store ${store.toFixed(1)} us, shipper ${load.toFixed(1)} us`;
/** What the cores would allow if nothing waited. */
const possible = ({ main, detect, other, store, shipper: load }: Cost, withLoad: boolean): string =>
  count((availableParallelism() * 1e6) / (main + detect + other + store + (withLoad ? load : 0)));
const rows: [string, string][] = [
  ['load of the machine before', loadBefore],
  ...(references === undefined
    ? []
    : ([
        [
          'events',
          `${count(references.lines)} recorded or made up, ${Math.round(references.bytesPerEvent)} bytes each, repeated`,
        ],
      ] satisfies [string, string][])),
  ['rules', `${world.pool.loaded.rules.length} active, ${world.pool.loaded.rejectedRules} rejected`],
  ['cores, workers', `${availableParallelism()}, ${workers}`],
  [
    'sustained, HTTP to stored and detected',
    `${count(full.perSecond)} events/s over ${seconds} s, ${count(full.perBatch)} events a batch`,
  ],
  ...(references === undefined ? [] : ratios(references)),
  ['  processor time per event', microseconds(full.cost)],
  [
    '  so on these cores at most',
    `${possible(full.cost, true)} events/s with the shipper on them, ${possible(full.cost, false)} without`,
  ],
  ['on disk', `${Math.round(disk / total)} bytes/event (${count(total)} events)`],
  memoryRow('memory, server and store, by thirds', ({ server, store }) => server + store),
  memoryRow('  server', ({ server }) => server),
  memoryRow('    heap of its main thread', ({ heap }) => heap),
  memoryRow('    bytes outside that heap', ({ buffers }) => buffers),
  memoryRow('  store', ({ store }) => store),
  ['at half load', `${count(half.perSecond)} events/s, ${count(half.perBatch)} events a batch`],
  ['  processor time per event', microseconds(half.cost)],
  [
    '  ingest to alert',
    `p50 ${late.ingestToAlertMilliseconds.p50} ms, p99 ${late.ingestToAlertMilliseconds.p99} ms`,
  ],
  [
    '  ingest to stored',
    `p50 ${late.ingestToStoreMilliseconds.p50} ms, p99 ${late.ingestToStoreMilliseconds.p99} ms`,
  ],
  [
    'shipper',
    `${count(shipped.sent)} sent, ${shipped.failed} requests refused, ${shipped.cpuSeconds.toFixed(0)} s of processor`,
  ],
  ['faults', world.faults.length === 0 ? 'none' : world.faults.slice(0, 3).join('; ')],
];
for (const [name, value] of rows) process.stdout.write(`${name.padEnd(42)}${value}\n`);

shipper.disconnect();
await world.close();
await rm(folder, { recursive: true, force: true });

function ratios({ parse, worker, insert }: References): [string, string][] {
  const share = (of: number): string => (full.perSecond / of).toFixed(2);
  return [
    [
      '  of JSON.parse alone, one core',
      `${count(parse)} events per processor second (${(1e6 / parse).toFixed(1)} us): ${share(parse)}`,
    ],
    [
      '  of one worker alone, one core',
      `${count(worker)} events per processor second (${(1e6 / worker).toFixed(1)} us): ${share(worker)}`,
    ],
    ['  of raw insertion of the same rows', `${count(insert)} events/s: ${share(insert)}`],
  ];
}

function measureReferences(): Promise<References> {
  return new Promise((resolve, reject) => {
    const child = fork(
      fileURLToPath(new URL('./references.ts', import.meta.url)),
      [String(lineCount), String(Math.min(20, seconds))],
      { stdio: 'inherit' },
    );
    child.once('message', (message: References) => resolve(message));
    child.once('exit', (code) => reject(new Error(`the references ended with ${code}`)));
  });
}
