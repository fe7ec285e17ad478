import type { EventStore } from '#platform/events';
import type { Scope } from '#platform/scope';
import type { Condition } from './condition.ts';

/** A part of the event table: what everything here is asked of. */
export type Range = {
  readonly scope: Scope;
  readonly from: Date;
  readonly to: Date;
  readonly condition: Condition;
};

type Events = Pick<EventStore, 'query'>;
export type Key = { readonly time: number; readonly uid: string };

/** First wall: the predicate; the second is the connection that is bound to the scope. */
function where(range: Range): { sql: string; params: Record<string, unknown> } {
  return {
    sql: `tenancy_id IN {scope:Array(String)} AND time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
      AND time < fromUnixTimestamp64Milli({to:Int64}, 'UTC') AND (${range.condition.sql})`,
    params: {
      ...range.condition.params,
      scope: [...range.scope.tenancies],
      from: range.from.getTime(),
      to: range.to.getTime(),
    },
  };
}

/** Newest first; the narrow first step of a page. */
export async function newestKeys(
  events: Events,
  range: Range,
  after: Key | undefined,
  limit: number,
  signal?: AbortSignal,
): Promise<Key[]> {
  const { sql, params } = where(range);
  const older =
    after === undefined
      ? ''
      : `AND (time < fromUnixTimestamp64Milli({afterTime:Int64}, 'UTC') OR (time = fromUnixTimestamp64Milli({afterTime:Int64}, 'UTC') AND event_uid < toUUID({afterUid:String})))`;
  const rows = await events.query<{ t: number | string; uid: string }>(
    range.scope,
    {
      sql: `SELECT toUnixTimestamp64Milli(time) AS t, toString(event_uid) AS uid FROM event WHERE ${sql} ${older}
        ORDER BY time DESC, event_uid DESC LIMIT {limit:UInt32}`,
      params: { ...params, limit, ...(after && { afterTime: after.time, afterUid: after.uid }) },
    },
    signal,
  );
  return rows.map((row) => ({ time: Number(row.t), uid: row.uid }));
}

/** A row with every column, as the store writes it in JSON. */
export type WideRow = Readonly<Record<string, unknown>>;

const wide = `SELECT * EXCEPT (raw_hash), lower(hex(raw_hash)) AS raw_hash, toUnixTimestamp64Milli(time) AS time_ms,
  toUnixTimestamp64Milli(ingest_time) AS ingest_ms FROM event`;

/** The rows of these keys, in no order. */
export async function rowsOf(
  events: Events,
  scope: Scope,
  keys: readonly Key[],
  signal?: AbortSignal,
): Promise<WideRow[]> {
  const times = keys.map((key) => key.time);
  return events.query<WideRow>(
    scope,
    {
      sql: `${wide} WHERE tenancy_id IN {scope:Array(String)} AND time >= fromUnixTimestamp64Milli({low:Int64}, 'UTC')
        AND time <= fromUnixTimestamp64Milli({high:Int64}, 'UTC') AND event_uid IN {uids:Array(UUID)}`,
      params: {
        scope: [...scope.tenancies],
        low: times.reduce((a, b) => Math.min(a, b), Number.MAX_SAFE_INTEGER),
        high: times.reduce((a, b) => Math.max(a, b), 0),
        uids: keys.map((key) => key.uid),
      },
    },
    signal,
  );
}

export async function rowByUid(
  events: Events,
  scope: Scope,
  uid: string,
  signal?: AbortSignal,
): Promise<WideRow | undefined> {
  const rows = await events.query<WideRow>(
    scope,
    {
      sql: `${wide} WHERE tenancy_id IN {scope:Array(String)} AND event_uid = toUUID({uid:String}) LIMIT 1`,
      params: { scope: [...scope.tenancies], uid },
    },
    signal,
  );
  return rows[0];
}

/** @returns counts by bucket; bucket 0 starts at `from`; empty ones are left out */
export async function countByTime(
  events: Events,
  range: Range,
  stepMilliseconds: number,
  signal?: AbortSignal,
): Promise<{ bucket: number; events: number }[]> {
  const { sql, params } = where(range);
  const rows = await events.query<{ bucket: number | string; events: number | string }>(
    range.scope,
    {
      sql: `SELECT intDiv(toUnixTimestamp64Milli(time) - {from:Int64}, {step:Int64}) AS bucket, count() AS events
        FROM event WHERE ${sql} GROUP BY bucket`,
      params: { ...params, step: stepMilliseconds },
    },
    signal,
  );
  return rows.map((row) => ({ bucket: Number(row.bucket), events: Number(row.events) }));
}

/** @param value the text of a field's value, '' where there is none */
export async function topValues(
  events: Events,
  range: Range,
  value: Condition,
  top: number,
  signal?: AbortSignal,
): Promise<{ distinct: number; values: { value: string; count: number }[] }> {
  const { sql, params } = where(range);
  const rows = await events.query<{ value: string; events: number | string; distinct: number | string }>(
    range.scope,
    {
      sql: `SELECT value, events, count() OVER () AS distinct FROM
          (SELECT ${value.sql} AS value, count() AS events FROM event WHERE ${sql} GROUP BY value HAVING value != '')
        ORDER BY events DESC, value LIMIT {top:UInt32}`,
      params: { ...params, ...value.params, top },
    },
    signal,
  );
  return {
    distinct: Number(rows[0]?.distinct ?? 0),
    values: rows.map((row) => ({ value: row.value, count: Number(row.events) })),
  };
}

/** Names of native fields in a sample of what came in since `since`, the most frequent first. */
export async function nativeNames(
  events: Events,
  scope: Scope,
  since: Date,
  prefix: string,
  limit: number,
  signal?: AbortSignal,
): Promise<string[]> {
  const rows = await events.query<{ name: string }>(
    scope,
    {
      sql: `SELECT arrayJoin(names) AS name FROM
          (SELECT mapKeys(fields) AS names FROM event WHERE tenancy_id IN {scope:Array(String)}
            AND ingest_time >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') LIMIT 50000)
        WHERE startsWith(lower(name), lower({prefix:String})) GROUP BY name ORDER BY count() DESC, name LIMIT {limit:UInt32}`,
      params: { scope: [...scope.tenancies], since: since.getTime(), prefix, limit },
    },
    signal,
  );
  return rows.map((row) => row.name);
}

/** Per source, how far a tail has looked. */
export type Marks = ReadonlyMap<string, number>;

/** A window of arrival time after which a tail no longer waits for an event to be stored. */
const tailWindowSeconds = 60;

function newer(range: { scope: Scope; condition: Condition; now: Date; marks: Marks }): {
  sql: string;
  params: Record<string, unknown>;
} {
  return {
    sql: `tenancy_id IN {scope:Array(String)} AND ingest_time >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
      AND source_sequence > transform(source_id, {sources:Array(String)}, {marks:Array(UInt64)}, toUInt64(0))`,
    params: {
      ...range.condition.params,
      scope: [...range.scope.tenancies],
      since: range.now.getTime() - tailWindowSeconds * 1000,
      // transform() takes no empty arrays.
      sources: range.marks.size === 0 ? [''] : [...range.marks.keys()],
      marks: range.marks.size === 0 ? [0] : [...range.marks.values()],
    },
  };
}

/** How far each source has come since `marks`, and how many of the events in between match. */
export async function arrived(
  events: Events,
  range: { scope: Scope; condition: Condition; now: Date; marks: Marks },
  signal?: AbortSignal,
): Promise<{ source: string; last: number; matching: number }[]> {
  const { sql, params } = newer(range);
  const rows = await events.query<{ source: string; last: number | string; matching: number | string }>(
    range.scope,
    {
      sql: `SELECT source_id AS source, max(source_sequence) AS last, countIf(${range.condition.sql}) AS matching
        FROM event WHERE ${sql} GROUP BY source_id`,
      params,
    },
    signal,
  );
  return rows.map((row) => ({ source: row.source, last: Number(row.last), matching: Number(row.matching) }));
}

/** The latest of the events between two marks that match, oldest first. */
export async function arrivals(
  events: Events,
  range: { scope: Scope; condition: Condition; now: Date; marks: Marks },
  upTo: Marks,
  limit: number,
  signal?: AbortSignal,
): Promise<WideRow[]> {
  const { sql, params } = newer(range);
  const rows = await events.query<WideRow>(
    range.scope,
    {
      sql: `${wide} WHERE ${sql} AND source_sequence <= transform(source_id, {upToSources:Array(String)}, {upTo:Array(UInt64)}, toUInt64(0))
        AND (${range.condition.sql}) ORDER BY ingest_time DESC, source_sequence DESC LIMIT {limit:UInt32}`,
      params: { ...params, upToSources: [...upTo.keys()], upTo: [...upTo.values()], limit },
    },
    signal,
  );
  return rows.reverse();
}
