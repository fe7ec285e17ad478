import { setTimeout as after } from 'node:timers/promises';
import { compile } from './compile.ts';
import type { EventRow } from './contract.ts';
import { eventRowOf } from './event-row.ts';
import { parse } from './parse.ts';
import type { SearchDeps, Searcher } from './search.ts';
import * as store from './store.ts';
import type { Condition } from './condition.ts';

export type TailSink = { event(row: EventRow): void; skipped(count: number): void };

export const eventsPerSecond = 100;
const everyMilliseconds = 1000;

/**
 * Sends events that match as they are stored, until `signal` aborts: at most 100 a second, the newest; how many were
 * left out is told. Follows each source by its sequence, so that an event is sent once however late it is stored
 * (up to a minute after it arrived).
 * @throws {QuerySyntax} before anything is sent
 */
export async function tail(
  deps: SearchDeps,
  actor: Searcher,
  query: string,
  sink: () => TailSink,
  signal: AbortSignal,
): Promise<void> {
  const condition = compile(parse(query), deps.catalogue);
  await deps.noteReads(actor, actor.scope.tenancies);
  const to = sink();
  const marks = new Map<string, number>();
  await step(deps, actor, condition, marks, undefined, signal);
  while (!signal.aborted) {
    await after(everyMilliseconds, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await step(deps, actor, condition, marks, to, signal);
  }
}

/** Moves the marks on, and sends what lies in between; the first step has nobody to send to. */
async function step(
  deps: SearchDeps,
  actor: Searcher,
  condition: Condition,
  marks: Map<string, number>,
  to: TailSink | undefined,
  signal: AbortSignal,
): Promise<void> {
  const range = { scope: actor.scope, condition, now: deps.clock.now(), marks };
  const sources = await store.arrived(deps.events, range, signal);
  const upTo = new Map(sources.map(({ source, last }) => [source, last]));
  const matching = sources.reduce((sum, source) => sum + source.matching, 0);
  if (to !== undefined && matching > 0) {
    const rows = await store.arrivals(deps.events, range, upTo, eventsPerSecond, signal);
    for (const row of rows) to.event(eventRowOf(row));
    if (matching > rows.length) to.skipped(matching - rows.length);
  }
  for (const [source, last] of upTo) marks.set(source, last);
}
