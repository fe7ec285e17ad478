import type { Clock } from '#platform/clock';
import { Invalid, NotFound } from '#platform/errors';
import type { EventStore } from '#platform/events';
import { narrow, type Scope, tenancyId } from '#platform/scope';
import { aliases, type Catalogue } from './catalogue.ts';
import { compile } from './compile.ts';
import type { Condition } from './condition.ts';
import type { EventRow, Facets, Histogram, SearchPage, SearchRequest } from './contract.ts';
import { eventRowOf } from './event-row.ts';
import { parse } from './parse.ts';
import * as store from './store.ts';
import { isUuid } from './uuid.ts';

/** Of identity's Actor, what search needs. */
export type Searcher = {
  readonly id: string;
  readonly kind: 'user' | 'token' | 'system';
  readonly name: string;
  readonly organisation: string;
  readonly scope: Scope;
};

export type SearchDeps = {
  readonly events: Pick<EventStore, 'query'>;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  /** Notes that these tenancies' events are looked at, before they are. */
  readonly noteReads: (actor: Searcher, tenancies: readonly string[]) => Promise<void>;
};

type Bounds = Pick<SearchRequest, 'query' | 'from' | 'to' | 'tenancies'>;

/** @returns undefined when nothing of what was asked for is in scope */
async function rangeOf(deps: SearchDeps, actor: Searcher, bounds: Bounds): Promise<store.Range | undefined> {
  const from = new Date(bounds.from);
  const to = new Date(bounds.to);
  if (!(from < to))
    throw new Invalid('The time range ends before it begins. Choose a later end.', {
      from: bounds.from,
      to: bounds.to,
    });
  const condition = compile(parse(bounds.query), deps.catalogue);
  const scope =
    bounds.tenancies === undefined ? actor.scope : narrow(actor.scope, bounds.tenancies.map(tenancyId));
  if (scope === undefined) return undefined;
  await deps.noteReads(actor, scope.tenancies);
  return { scope, from, to, condition };
}

/**
 * One page, newest first. Looks at the newest part of the range first and widens while the page is not full, so that
 * "the latest" costs no more than it shows.
 * @throws {QuerySyntax} {Invalid}
 */
export async function search(
  deps: SearchDeps,
  actor: Searcher,
  request: SearchRequest,
  signal?: AbortSignal,
): Promise<SearchPage> {
  const started = performance.now();
  const range = await rangeOf(deps, actor, request);
  const took = () => Math.round(performance.now() - started);
  if (range === undefined) return { events: [], next: null, tookMilliseconds: took() };
  const after = request.after === undefined ? undefined : cursorOf(request.after);
  const end = after === undefined ? range.to.getTime() : Math.min(range.to.getTime(), after.time + 1);
  const keys = await newest(deps, { ...range, to: new Date(end) }, after, request.limit + 1, signal);
  const shown = keys.slice(0, request.limit);
  const rows = shown.length === 0 ? [] : await store.rowsOf(deps.events, range.scope, shown, signal);
  const byUid = new Map(rows.map((row) => [String(row['event_uid']), row]));
  const last = shown.at(-1);
  return {
    events: shown.flatMap((key) => {
      const row = byUid.get(key.uid);
      return row === undefined ? [] : [eventRowOf(row)];
    }),
    next: keys.length > request.limit && last !== undefined ? cursorText(last) : null,
    tookMilliseconds: took(),
  };
}

const firstShare = 64;
const widening = 8;
const hour = 3_600_000;
/** The first part of a range is at least so long, however shortly after the full hour it is asked. */
const leastMilliseconds = 600_000;

/**
 * Parts begin at full hours: within one hour the table is not in the order of time, so that a part of it costs as much as
 * all of it (the event table's ORDER BY).
 */
async function newest(
  deps: SearchDeps,
  range: store.Range,
  after: store.Key | undefined,
  limit: number,
  signal?: AbortSignal,
): Promise<store.Key[]> {
  const [from, to] = [range.from.getTime(), range.to.getTime()];
  const found: store.Key[] = [];
  let cut = to;
  for (
    let span = Math.max(leastMilliseconds, Math.ceil((to - from) / firstShare));
    cut > from;
    span = Math.max(span, hour) * widening
  ) {
    const low = Math.max(from, Math.floor((to - span) / hour) * hour);
    const part = { ...range, from: new Date(low), to: new Date(cut) };
    found.push(
      ...(await store.newestKeys(
        deps.events,
        part,
        cut === to ? after : undefined,
        limit - found.length,
        signal,
      )),
    );
    if (found.length >= limit) break;
    cut = low;
  }
  return found;
}

/** @throws {QuerySyntax} {Invalid} */
export async function histogram(
  deps: SearchDeps,
  actor: Searcher,
  request: Bounds & { buckets: number },
  signal?: AbortSignal,
): Promise<Histogram> {
  const range = await rangeOf(deps, actor, request);
  const [from, to] = [Date.parse(request.from), Date.parse(request.to)];
  const step = Math.max(1000, Math.ceil((to - from) / request.buckets / 1000) * 1000);
  const count = new Array<number>(Math.ceil((to - from) / step)).fill(0);
  let total = 0;
  for (const { bucket, events } of range === undefined
    ? []
    : await store.countByTime(deps.events, range, step, signal)) {
    count[bucket] = events;
    total += events;
  }
  return {
    stepSeconds: step / 1000,
    total,
    at: count.map((_, bucket) => (from + bucket * step) / 1000),
    count,
  };
}

/** @throws {QuerySyntax} {Invalid} */
export async function facets(
  deps: SearchDeps,
  actor: Searcher,
  request: Bounds & { fields: readonly string[]; top: number },
  signal?: AbortSignal,
): Promise<Facets> {
  const range = await rangeOf(deps, actor, request);
  if (range === undefined)
    return { facets: request.fields.map((field) => ({ field, distinct: 0, values: [] })) };
  const values = await Promise.all(
    request.fields.map((field, at) =>
      store.topValues(deps.events, range, valueOf(field, `f${at}`, deps.catalogue), request.top, signal),
    ),
  );
  return { facets: values.map((one, at) => ({ field: request.fields[at] ?? '', ...one })) };
}

/** A field's value as text, '' where there is none. A name is never part of the SQL unless it is a column's. */
function valueOf(field: string, param: string, catalogue: Catalogue): Condition {
  const known = catalogue.kindOf(field) === undefined ? aliases.get(field) : [field];
  const column = known?.[0];
  const kind = column === undefined ? undefined : catalogue.kindOf(column);
  if (column === undefined || kind === undefined)
    return { sql: `fields[{${param}:String}]`, params: { [param]: field } };
  const sql: Record<typeof kind, string> = {
    text: `toString(${column})`,
    number: `if(${column} = 0, '', toString(${column}))`,
    address: `if(${column} = toIPv6('::'), '', replaceOne(toString(${column}), '::ffff:', ''))`,
    time: `toString(${column})`,
    uuid: `toString(${column})`,
    texts: `toString(arrayJoin(${column}))`,
    bytes: `lower(hex(${column}))`,
  };
  return { sql: sql[kind], params: {} };
}

const namesShown = 200;
const recentMilliseconds = 7 * 24 * 3600 * 1000;

/** Names that begin with `prefix`: columns, words for several columns, then what producers call things. */
export async function fieldNames(
  deps: SearchDeps,
  actor: Searcher,
  prefix: string,
  signal?: AbortSignal,
): Promise<{ name: string; type: string; native: boolean }[]> {
  const begins = (name: string): boolean => name.toLowerCase().startsWith(prefix.toLowerCase());
  const since = new Date(deps.clock.now().getTime() - recentMilliseconds);
  const native = await store.nativeNames(deps.events, actor.scope, since, prefix, namesShown, signal);
  return [
    ...[...aliases.keys()].filter(begins).map((name) => ({ name, type: 'several', native: false })),
    ...deps.catalogue.columns
      .filter(({ name }) => begins(name))
      .map(({ name, type }) => ({ name, type, native: false })),
    ...native
      .filter((name) => deps.catalogue.kindOf(name) === undefined && !aliases.has(name))
      .map((name) => ({ name, type: 'String', native: true })),
  ].slice(0, namesShown);
}

/** @throws {NotFound} */
export async function event(
  deps: SearchDeps,
  actor: Searcher,
  uid: string,
  signal?: AbortSignal,
): Promise<EventRow> {
  const row = isUuid(uid) ? await store.rowByUid(deps.events, actor.scope, uid, signal) : undefined;
  if (row === undefined) throw new NotFound('event', uid);
  const found = eventRowOf(row);
  await deps.noteReads(actor, [found.tenancy]);
  return found;
}

/** A cursor is opaque to its user: base64url of `milliseconds uid`. */
const cursorText = (key: store.Key): string => Buffer.from(`${key.time} ${key.uid}`).toString('base64url');

function cursorOf(text: string): store.Key {
  const [time = '', uid = ''] = Buffer.from(text, 'base64url').toString('latin1').split(' ');
  if (!/^\d{1,15}$/.test(time) || !isUuid(uid))
    throw new Invalid('This page\'s "after" is not one that was given out. Search again.', {});
  return { time: Number(time), uid };
}
