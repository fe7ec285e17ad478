/**
 * The system of record: PGlite (a folder) or PostgreSQL 15+ (a URL) behind one face.
 * Not here: any table but the platform's own; each module brings its migrations and its `store.ts`.
 * INVARIANT: all work runs in a transaction under the role `ironbark_app`, bound to a Scope or to a stated system reason,
 * and row-level security holds it there.
 * Parameters: give jsonb as `JSON.stringify(value)` (an array would become an SQL array on PostgreSQL), Dates as Date.
 */
export * from './errors.ts';
export { openRecords, type RecordsPlace } from './open.ts';
export type { Records, Tx } from './records.ts';
