/**
 * The event store: chDB in a process of its own (a folder), or a ClickHouse server (a URL), one table, same SQL.
 * Not here: what a row means (soc/normalise fills the columns) and what a query asks (soc/search, soc/detect).
 * INVARIANT: every read of a caller is on a readonly connection bound to its Scope; a query that forgets its tenancy
 * predicate, or follows one that failed, still sees no foreign row.
 */
export { type Column, type ColumnName, columnIndex, columns } from './columns.ts';
export * from './errors.ts';
export { EventBlock } from './event-block.ts';
export type { EventQuery, EventStore } from './events.ts';
export { searchText } from './search-text.ts';
export { type EventsPlace, openEvents } from './open.ts';
