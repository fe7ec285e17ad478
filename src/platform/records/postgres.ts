import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Engine } from './engine.ts';
import { translate } from './errors.ts';
import { listenOn } from './postgres-listen.ts';
import { arrayElements, parsers } from './values.ts';

/** Any number: the same for every process that migrates this database. */
const migrationLock = 4_711_260;

const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') => {
    if (format === 'binary') return pg.types.getTypeParser(id, 'binary');
    const own = parsers[id];
    if (own !== undefined) return own;
    const element = arrayElements[id];
    const parse = element === undefined ? undefined : parsers[element];
    // text[]'s parser gives the elements as text, nested as they are; a known element type is parsed from there.
    const asTexts = pg.types.getTypeParser(element === undefined ? id : textArray);
    return parse === undefined ? asTexts : (text: string) => deep(asTexts(text), parse);
  }) as pg.CustomTypesConfig['getTypeParser'], // the declared overloads ask for one signature per type id
};
const textArray = 1009;

function deep(value: unknown, parse: (text: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => deep(element, parse));
  return typeof value === 'string' ? parse(value) : value;
}

/**
 * @param url postgres://user@host/database; the user owns the database and may SET ROLE ironbark_app (it need not, and
 *   should not, be a superuser)
 */
export function openPostgres(url: string, connections = 10): Engine {
  const config: pg.ClientConfig = {
    connectionString: url,
    types: typeParsers,
    application_name: 'ironbark',
    connectionTimeoutMillis: 10_000,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 60_000,
    options: '-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c bytea_output=hex',
  };
  const pool = new pg.Pool({ ...config, max: connections });
  // An idle connection that the server ended: the pool drops it, the next call gets a fresh one.
  pool.on('error', () => undefined);
  // One that is in use, between two queries: the next query fails and says so; without a listener the process would end.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const listener = listenOn(config);
  return {
    kind: 'postgres',
    kysely: new Kysely<Record<never, never>>({ dialect: new PostgresDialect({ pool }) }),
    turn: (work) => work(),
    alone: async (work) => {
      const client = await pool.connect().catch((error: unknown) => {
        throw translate(error);
      });
      try {
        await client.query('select pg_advisory_lock($1)', [migrationLock]);
        return await work({
          script: async (sql) => void (await client.query(sql)),
          rows: async <Row>(sql: string, params: readonly unknown[] = []) =>
            (await client.query(sql, [...params])).rows as Row[], // the caller's own SQL says what they are
        });
      } finally {
        // Closing the connection releases the lock, whatever state it is in.
        client.release(true);
      }
    },
    listen: (channel, heard) => listener.listen(channel, heard),
    close: async () => {
      await listener.close();
      await pool.end();
    },
  };
}
