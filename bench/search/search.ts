/**
 * How long an analyst waits: `node bench/search/search.ts [events] [seconds]` (5,000,000 events over a day, 20 tenancies;
 * 2,000 events/s arrive while it measures). Each question is asked through soc/search as the page asks it, of one tenancy and
 * of all. The reference is the same question to the same store while nothing arrives.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '#platform/clock';
import { columns, EventBlock, openEvents } from '#platform/events';
import { scopeOf, tenancyId } from '#platform/scope';
import { catalogueOf, facets, histogram, search, type SearchDeps, type Searcher } from '#soc/search';
import { cpuSecondsOf } from '../pipeline/processes.ts';
import { blocksOver, needleOf, randoms, tenancies, writeRow } from './rows.ts';

const rows = Number(process.argv[2] ?? 5_000_000);
const seconds = Number(process.argv[3] ?? 90);
const arrivingPerSecond = 2000;
const limitMilliseconds = 1000;

const folder = await mkdtemp(join(tmpdir(), 'ironbark-bench-search-'));
const events = await openEvents({ folder });
try {
  const end = Date.now();
  await fill(end);
  const deps: SearchDeps = {
    events,
    catalogue: catalogueOf(columns),
    clock: systemClock,
    noteReads: async () => undefined,
  };
  const questions = questionsOf(deps, end);
  for (const { ask } of questions) await ask();
  const idle = await measure(questions, seconds / 3);
  const stop = new AbortController();
  const arriving = arrive(end, stop.signal);
  const busy = await measure(questions, seconds);
  stop.abort();
  const arrived = await arriving;
  console.log(
    `${rows} events, ${arrived.rows} arrived meanwhile (${Math.round(arrived.rows / arrived.seconds)}/s), p50 and p95 in ms; load of the machine ${loadavg()
      .map((load) => load.toFixed(1))
      .join(', ')}`,
  );
  console.log(
    'question'.padEnd(46),
    'idle p50',
    ' idle p95',
    ' busy p50',
    ' busy p95',
    ' p95 busy/idle',
    ' idle processor p50',
  );
  let slow = 0;
  for (const { name } of questions) {
    const [before, during] = [idle, busy].map((times) => sorted(times.get(name)?.map(({ wall }) => wall)));
    if (before === undefined || during === undefined) continue;
    const cpu = sorted(idle.get(name)?.map((one) => one.cpu));
    const p95 = at(during, 0.95);
    if (p95 > limitMilliseconds) slow++;
    console.log(
      name.padEnd(46),
      ...[at(before, 0.5), at(before, 0.95), at(during, 0.5), p95].map((time) => time.toFixed(0).padStart(9)),
      (p95 / at(before, 0.95)).toFixed(1).padStart(14),
      at(cpu, 0.5).toFixed(0).padStart(9),
      p95 > limitMilliseconds ? `  over ${limitMilliseconds} ms` : '',
      `  n=${during.length}`,
    );
  }
  process.exitCode = slow > 0 ? 1 : 0;
} finally {
  await events.close();
  await rm(folder, { recursive: true, force: true });
}

/** Milliseconds until the answer, and of processor time that the store's process took meanwhile. */
type Taken = { readonly wall: number; readonly cpu: number };
type Question = { name: string; ask: () => Promise<unknown> };

function questionsOf(deps: SearchDeps, end: number): Question[] {
  const one = searcher('t3-odce');
  const all = searcher(...tenancies);
  const range = { from: new Date(end - 24 * 3600_000).toISOString(), to: new Date(end).toISOString() };
  const hour = { from: new Date(end - 3600_000).toISOString(), to: range.to };
  const random = randoms(99);
  const needle = () => needleOf(1 + Math.floor(random() * rows));
  const page =
    (actor: Searcher, query: () => string, bounds = range) =>
    async () =>
      search(deps, actor, { ...bounds, query: query(), limit: 100 });
  return [
    { name: 'needle, a day, all tenancies', ask: page(all, needle) },
    { name: 'needle, a day, one tenancy', ask: page(one, needle) },
    {
      name: 'field equality, a day, one tenancy',
      ask: page(one, () => `device_hostname:t3--ws-${Math.floor(random() * 100)}`),
    },
    {
      name: 'field equality, a day, all tenancies',
      ask: page(all, () => `actor_user_name:domain\\user-${Math.floor(random() * 900)}`),
    },
    {
      name: 'native field equality, an hour, all tenancies',
      ask: page(all, () => 'QueryName:host-17.service-3.example', hour),
    },
    { name: 'the latest 100, all tenancies', ask: page(all, () => '') },
    {
      name: 'top 8 programs, a day, one tenancy',
      ask: () => facets(deps, one, { ...range, query: '', fields: ['process_path'], top: 8 }),
    },
    {
      name: 'top 8 programs, a day, all tenancies',
      ask: () => facets(deps, all, { ...range, query: '', fields: ['process_path'], top: 8 }),
    },
    {
      name: 'histogram, a day, one tenancy',
      ask: () => histogram(deps, one, { ...range, query: '', buckets: 120 }),
    },
    {
      name: 'histogram, a day, all tenancies',
      ask: () => histogram(deps, all, { ...range, query: '', buckets: 120 }),
    },
  ];
}

function searcher(...names: string[]): Searcher {
  const scope = scopeOf(names.map(tenancyId));
  if (scope === undefined) throw new Error('A scope is never empty.');
  return { id: 'bench', kind: 'user', name: 'bench', organisation: 'bench', scope };
}

/** The next block is made while one is stored; then waits for merging to settle: what is measured is reading. */
async function fill(end: number): Promise<void> {
  const started = performance.now();
  let done = 0;
  let storing: Promise<void> = Promise.resolve();
  for (const { bytes, rows: count } of blocksOver(rows, end, 20_000)) {
    await storing;
    storing = events.insert(bytes);
    done += count;
    if (done % 1_000_000 < 20_000)
      console.error(`${done} events, ${Math.round((done / (performance.now() - started)) * 1000)}/s`);
  }
  await storing;
  for (let quiet = 0; quiet < 3; quiet++) {
    await pause(1000);
    const [merging] = await events.systemQuery<{ n: number }>({
      sql: 'SELECT count() AS n FROM system.merges',
      params: {},
    });
    if (merging?.n !== 0) quiet = -1;
  }
  const { bytes } = await events.size();
  console.error(
    `filled and merged in ${Math.round((performance.now() - started) / 1000)} s, ${Math.round(bytes / rows)} bytes an event`,
  );
}

/** Round after round of every question, until the time is up. */
async function measure(questions: readonly Question[], forSeconds: number): Promise<Map<string, Taken[]>> {
  const times = new Map<string, Taken[]>(questions.map(({ name }) => [name, []]));
  const until = performance.now() + forSeconds * 1000;
  while (performance.now() < until) {
    for (const { name, ask } of questions) {
      const started = performance.now();
      const processor = cpuSecondsOf(undefined).store;
      await ask();
      const cpu = (cpuSecondsOf(undefined).store - processor) * 1000;
      times.get(name)?.push({ wall: performance.now() - started, cpu });
    }
  }
  return times;
}

/** One block a second, as the pipeline does at this rate. */
async function arrive(end: number, signal: AbortSignal): Promise<{ rows: number; seconds: number }> {
  const block = new EventBlock();
  const random = randoms(5);
  const started = performance.now();
  let sequence = rows;
  while (!signal.aborted) {
    const due = Math.floor(((performance.now() - started) / 1000) * arrivingPerSecond) - (sequence - rows);
    for (let count = 0; count < due; count++)
      writeRow(block, ++sequence, end - Math.floor(random() * 1000), random);
    if (block.rows > 0) await events.insert(block.finish());
    await pause(1000);
  }
  return { rows: sequence - rows, seconds: (performance.now() - started) / 1000 };
}

function sorted(times: readonly number[] = []): number[] {
  return [...times].sort((a, b) => a - b);
}

function at(times: readonly number[], share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
}
