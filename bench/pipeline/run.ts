/**
 * `_bulk` over HTTP to stored and detected, with every rule there is, on this machine: how fast, how much memory, how late.
 *
 *   node bench/pipeline/run.ts [--seconds 120] [--workers N] [--lines 20000]
 */
import { fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat, readdir } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sourceId } from '#platform/scope';
import { openWorld } from '../../src/soc/pipeline/testing.ts';
import { corpusRules } from '../../test/corpus.ts';
import { cpuSeconds, type References } from './references.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    workers: { type: 'string' },
    lines: { type: 'string', default: '20000' },
  },
});
const seconds = Number(values.seconds);
const workers = Number(values.workers ?? Math.max(1, availableParallelism() - 1));
const lineCount = Number(values.lines);
/** So much may wait in the spool before the shipper is held back: the rate is then the pipeline's. */
const pendingEvents = 40_000;

type Shipped = { sent: number; failed: number; cpuSeconds: number };
type Phase = {
  perSecond: number;
  rss: { server: number; store: number }[];
  serverCpu: number;
  storeCpu: number;
  shipperCpu: number;
};

const references = await new Promise<References>((resolve, reject) => {
  const child = fork(
    fileURLToPath(new URL('./references.ts', import.meta.url)),
    [String(lineCount), String(Math.min(20, seconds))],
    { stdio: 'inherit' },
  );
  child.once('message', (message: References) => resolve(message));
  child.once('exit', (code) => reject(new Error(`the references ended with ${code}`)));
});
const texts = await corpusRules([
  'rules/',
  'rules-emerging-threats/',
  'rules-threat-hunting/',
  'rules-compliance/',
]);

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

/** Resident megabytes of this process and the store's: all that the product needs. */
function memory(): { server: number; store: number } {
  const own = process.memoryUsage.rss();
  const store = childrenOf(process.pid)
    .filter((pid) => pid !== shipper.pid)
    .reduce((sum, pid) => sum + rssOf(pid), 0);
  return { server: own / 1e6, store: store / 1e6 };
}
const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
function rssOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Processor seconds of the store's process: user and system, in ticks of a hundredth. */
function storeSeconds(): number {
  return childrenOf(process.pid)
    .filter((pid) => pid !== shipper.pid)
    .reduce((sum, pid) => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
        return sum + (Number(fields[11]) + Number(fields[12])) / 100;
      } catch {
        return sum;
      }
    }, 0);
}

async function phase(perSecond: number, forSeconds: number): Promise<Phase> {
  shipper.send({ perSecond });
  // The first seconds warm up code, plans and connections.
  await sleep(Math.min(10_000, forSeconds * 200));
  const rss: { server: number; store: number }[] = [];
  const before = world.pipeline.status().committedEvents;
  const cpu = { server: cpuSeconds(), store: storeSeconds(), shipper: shipped.cpuSeconds };
  const started = performance.now();
  let held = false;
  for (let tick = 0; performance.now() - started < forSeconds * 1000; tick++) {
    const tooMany = pending() > pendingEvents;
    if (tooMany !== held) {
      held = tooMany;
      shipper.send({ perSecond: held ? 0 : perSecond });
    }
    if (tick % 20 === 0) rss.push(memory());
    await sleep(50);
  }
  const events = world.pipeline.status().committedEvents - before;
  const each = (before: number, after: number): number => ((after - before) / Math.max(events, 1)) * 1e6;
  return {
    perSecond: (events / (performance.now() - started)) * 1000,
    rss,
    serverCpu: each(cpu.server, cpuSeconds()),
    storeCpu: each(cpu.store, storeSeconds()),
    shipperCpu: each(cpu.shipper, shipped.cpuSeconds),
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
const disk = await sizeOf(join(folder, 'events'));
const mean = (list: readonly number[]): number =>
  list.reduce((sum, value) => sum + value, 0) / Math.max(list.length, 1);
const third = Math.ceil(full.rss.length / 3);
const together = full.rss.map(({ server, store }) => server + store);
const firstThird = mean(together.slice(0, third));
const lastThird = mean(together.slice(-third));
const count = (value: number): string => Math.round(value).toLocaleString('en-AU');
const rows: [string, string][] = [
  [
    'events',
    `${count(references.lines)} recorded or made up, ${Math.round(references.bytesPerEvent)} bytes each, repeated`,
  ],
  ['rules', `${world.pool.loaded.rules.length} active, ${world.pool.loaded.rejectedRules} rejected`],
  ['cores, workers', `${availableParallelism()}, ${workers}`],
  ['sustained, HTTP to stored and detected', `${count(full.perSecond)} events/s over ${seconds} s`],
  [
    '  of JSON.parse alone, one core',
    `${count(references.parse)} events per processor second: ${(full.perSecond / references.parse).toFixed(2)}`,
  ],
  [
    '  of one worker alone, one core',
    `${count(references.worker)} events per processor second: ${(full.perSecond / references.worker).toFixed(2)}`,
  ],
  [
    '  of raw insertion of the same rows',
    `${count(references.insert)} events/s: ${(full.perSecond / references.insert).toFixed(2)}`,
  ],
  [
    '  processor time per event',
    `server ${full.serverCpu.toFixed(1)} us, store ${full.storeCpu.toFixed(1)} us, shipper ${full.shipperCpu.toFixed(1)} us`,
  ],
  [
    '  so on these cores at most',
    `${count((availableParallelism() * 1e6) / (full.serverCpu + full.storeCpu + full.shipperCpu))} events/s with the shipper on them, ${count((availableParallelism() * 1e6) / (full.serverCpu + full.storeCpu))} without`,
  ],
  ['on disk', `${Math.round(disk / total)} bytes/event (${count(total)} events)`],
  [
    'memory, server and store',
    `${count(firstThird)} MB in the first third, ${count(lastThird)} MB in the last, ${count(Math.max(...together))} MB at most (server ${count(mean(full.rss.map(({ server }) => server)))}, store ${count(mean(full.rss.map(({ store }) => store)))} on average)`,
  ],
  ['at half load', `${count(half.perSecond)} events/s`],
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

async function sizeOf(path: string): Promise<number> {
  let size = 0;
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true }))
    if (entry.isFile())
      size += await stat(join(entry.parentPath, entry.name)).then(
        ({ size: bytes }) => bytes,
        () => 0,
      );
  return size;
}
