import type { Transaction } from 'kysely';
import type { Access } from '#platform/scope';

/**
 * A transaction, bound to the access it was opened with. Modules narrow it to their own tables:
 * `tx.withTables<{ 'soc.source': SourceTable }>()`, in `store.ts` and nowhere else.
 */
// biome-ignore lint: Kysely's own idiom for "no tables yet"
export type Tx = Transaction<Record<never, never>>;

/**
 * The system of record: PGlite (a folder) or PostgreSQL 15+ (a URL) behind one face, with one behaviour suite over both.
 * int8 comes back as number when it is safe and throws when it is not; bytea as Buffer; timestamptz as Date; jsonb parsed.
 */
export interface Records {
  readonly engine: 'pglite' | 'postgres';
  /**
   * Runs `work` in one transaction (READ COMMITTED). With a Scope, row-level security shows only the rows of its
   * tenancies (the second wall; the first is the predicate in the query). Rolls back when `work` throws.
   * @throws {RecordsUnavailable} when the database can't be reached; nothing was written
   */
  transaction<T>(access: Access, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Calls back after a commit that ran `notify(channel)`, in every process of a cluster. @returns stop */
  onChange(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>;
  /** Part of `tx`: heard only if it commits. payload at most 4 KB. */
  notify(tx: Tx, channel: string, payload: string): Promise<void>;
  close(): Promise<void>;
}
