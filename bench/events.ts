/**
 * What storing an event costs: processor time of the store's process a row, while it is inserted and with the merges that
 * follow, bytes on disk, and the process's memory. Recorded Windows events where they are beside the project, normalised.
 *
 *   node bench/events.ts [batches 40] [rows a batch 10000]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { openEvents } from '#platform/events';
import { blockMaker } from './blocks.ts';
import { eventLines } from './pipeline/events.ts';

const batches = Number(process.argv[2] ?? 40);
const rowsEach = Number(process.argv[3] ?? 10_000);
/** Distinct events; more are these again, with times and sequences of their own. */
const distinct = 50_000;
/** Merging has settled when nothing was merged for so long. */
const quietSeconds = 6;

const lines = await eventLines(Math.min(distinct, batches * rowsEach));
const block = blockMaker();
const folder = mkdtempSync(`${tmpdir()}/ironbark-bench-`);
const store = await openEvents({ folder });
const childPid = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'latin1')
  .trim()
  .split(' ')[0];
const start = Date.now() - batches * 1000;
const before = cpuMicroseconds();
const memory: number[] = [];
let rows = 0;
for (let batch = 0; batch < batches; batch++) {
  const part = Array.from({ length: rowsEach }, (_, at) => lines[(rows + at) % lines.length] ?? '');
  await store.insert(block(part, 1 + rows, start + batch * 1000, `t${batch % 20}-odce`));
  rows += rowsEach;
  memory.push(residentMegabytes());
}
const inserted = cpuMicroseconds();
for (let quiet = 0; quiet < quietSeconds; quiet++) {
  await pause(1000);
  memory.push(residentMegabytes());
  const [merging] = await store.systemQuery<{ n: number }>({
    sql: 'SELECT count() AS n FROM system.merges',
    params: {},
  });
  if (merging?.n !== 0) quiet = -1;
}
const settled = cpuMicroseconds();
const [parts] = await store.systemQuery<{ parts: number; level: number; bytes: number }>({
  sql: `SELECT count() AS parts, max(level) AS level, sum(bytes_on_disk) AS bytes FROM system.parts
    WHERE active AND table = 'event'`,
  params: {},
});
await store.close();
rmSync(folder, { recursive: true, force: true });

const third = Math.ceil(memory.length / 3);
const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;
const figures: [string, string][] = [
  ['rows', `${rows} in batches of ${rowsEach}`],
  ['processor time a row, while inserting', `${((inserted - before) / rows).toFixed(1)} us`],
  ['  with the merges that follow', `${((settled - before) / rows).toFixed(1)} us`],
  ['on disk', `${Math.round((parts?.bytes ?? 0) / rows)} bytes an event`],
  ['parts', `${parts?.parts}, the most merged ${parts?.level} times`],
  [
    'memory of the process',
    `${Math.round(mean(memory.slice(0, third)))} MB in the first third, ${Math.round(mean(memory.slice(-third)))} in the last, ${Math.round(Math.max(...memory))} at most`,
  ],
];
for (const [name, value] of figures) console.log(name.padEnd(42), value);

/** User and system time of the process that owns chDB: on a machine that does other work, truer than the clock. */
function cpuMicroseconds(): number {
  const fields = readFileSync(`/proc/${childPid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

function residentMegabytes(): number {
  return (
    (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${childPid}/status`, 'utf8'))?.[1] ?? 0) * 1024) / 1e6
  );
}
