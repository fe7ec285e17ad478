import type { Kysely } from 'kysely';

/** A connection that one piece of work has to itself: for migrations. */
export type Session = {
  /** One or more statements, without parameters. */
  script(sql: string): Promise<void>;
  rows<Row>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
};

/** What PGlite and PostgreSQL do differently; everything else of Records is written once, in open.ts. */
export interface Engine {
  readonly kind: 'pglite' | 'postgres';
  // biome-ignore lint: no tables here; modules bring their own with withTables
  readonly kysely: Kysely<Record<never, never>>;
  /** Runs `work` when a connection is free, in the order of asking. */
  turn<T>(work: () => Promise<T>): Promise<T>;
  /** Runs `work` on one connection while no other process does the same. */
  alone<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** @returns stop */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
