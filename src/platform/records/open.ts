import { AsyncLocalStorage } from 'node:async_hooks';
import { sql } from 'kysely';
import { AppError } from '#platform/errors';
import { type Access, isSystem, scopeKey } from '#platform/scope';
import type { Engine } from './engine.ts';
import { NestedTransaction, RecordsUnavailable, translate } from './errors.ts';
import { collectMigrations, type Migration, migrate } from './migrate.ts';
import { openPglite } from './pglite.ts';
import { openPostgres } from './postgres.ts';
import type { Records } from './records.ts';

export type RecordsPlace = { readonly folder: string } | { readonly url: string } | { readonly memory: true };

/**
 * Opens the records and brings them up to date.
 * @throws {RecordsNewer} {MigrationEdited} {MigrationFailed} {DataFolderInUse} {RecordsUnavailable}
 */
export async function openRecords(
  place: RecordsPlace,
  migrations: readonly Migration[] = collectMigrations(),
): Promise<Records> {
  const engine = 'url' in place ? openPostgres(place.url) : await openPglite(place);
  try {
    await migrate(engine, migrations);
  } catch (error) {
    await engine.close();
    throw translate(error);
  }
  return recordsOn(engine);
}

/** The face over an engine that is already migrated. */
export function recordsOn(engine: Engine): Records {
  const inside = new AsyncLocalStorage<{ open: boolean; began: boolean }>();
  return {
    engine: engine.kind,
    transaction: async (access, work) => {
      if (inside.getStore()?.open) throw new NestedTransaction();
      const here = { open: true, began: false };
      try {
        return await engine.turn(() =>
          inside.run(here, () =>
            engine.kysely
              .transaction()
              .setIsolationLevel('read committed')
              .execute(async (tx) => {
                await bind(access).execute(tx);
                here.began = true;
                return work(tx);
              }),
          ),
        );
      } catch (error) {
        throw here.began ? translate(error) : notBegun(error);
      } finally {
        here.open = false;
      }
    },
    // PGlite calls back in the middle of the committing transaction; what is heard has nothing to do with it.
    onChange: (channel, heard) =>
      engine.listen(channel, (payload) => setImmediate(() => inside.exit(() => heard(payload)))),
    notify: async (tx, channel, payload) => {
      await sql`select pg_notify(${channel}, ${payload})`.execute(tx);
    },
    close: () => engine.close(),
  };
}

/** Until the role is set nothing but the connection can have failed (the pool's own timeout has no code). */
function notBegun(error: unknown): unknown {
  const known = translate(error);
  return known instanceof AppError ? known : new RecordsUnavailable('no connection could be had', error);
}

/** One round trip: the role and the scope, both until the end of the transaction. */
function bind(access: Access) {
  const [scope, system] = isSystem(access) ? ['', 'on'] : [scopeKey(access), ''];
  return sql`select set_config('role', 'ironbark_app', true), set_config('ironbark.scope', ${scope}, true), set_config('ironbark.system', ${system}, true)`;
}
