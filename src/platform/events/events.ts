import type { Scope } from '#platform/scope';

/** A query's text is ours; its values are parameters. `{name:Type}` in the text, e.g. `{from:DateTime64(3)}`. */
export type EventQuery = {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Rows at most; more is an error, not a cut. Default 10,000. */
  readonly maxRows?: number;
  /** Default 10. The engine itself stops. */
  readonly maxSeconds?: number;
};

/**
 * The event store: chDB in a process of its own (a folder), or a ClickHouse server (a URL), same SQL.
 * INVARIANT: every read runs on a readonly=1 connection bound to its scope, so that even a query that forgets its
 * tenancy predicate sees no foreign row, and a failed query leaves nothing for the next one.
 */
export interface EventStore {
  readonly engine: 'chdb' | 'clickhouse';
  /** Inserts one block of rows, encoded by `EventBlock`. Resolves when they survive kill -9. @throws {EventsUnavailable} {EventStoreFull} */
  insert(block: Uint8Array): Promise<void>;
  /** @throws {QueryTooLong} {QueryTooLarge} {EventsUnavailable} */
  query<Row extends object>(scope: Scope, query: EventQuery, signal?: AbortSignal): Promise<Row[]>;
  /** For the pipeline's recovery and health only: not bound to a scope, never reached from a route. */
  systemQuery<Row extends object>(query: EventQuery): Promise<Row[]>;
  /** Of the whole store, for health: rows, and bytes on disk. @throws {EventsUnavailable} */
  size(): Promise<{ readonly events: number; readonly bytes: number }>;
  close(): Promise<void>;
}
