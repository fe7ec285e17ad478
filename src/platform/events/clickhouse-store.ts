import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { createClient } from '@clickhouse/client';
import type { Scope } from '#platform/scope';
import { faultOf, insertError, queryError } from './engine-errors.ts';
import { EventsUnavailable } from './errors.ts';
import { readBlock } from './event-block.ts';
import type { EventQuery, EventStore } from './events.ts';
import { bindable, readerSettings, refuseWaysAround, unwrap, wrap } from './guard.ts';
import { sizeOf } from './size.ts';
import { slots } from './slots.ts';
import { updateTables } from './tables.ts';

/**
 * The event store on a ClickHouse server, over HTTP: http(s)://user:password@host:8123/database.
 * Each read carries its own scope filter and readonly=1; connections have no state that could stick.
 * NOT TESTED against a server: none can be installed where this was written (docs/decisions/0010-the-event-table.md).
 * @throws {EventsNewer} {EventsUnavailable}
 */
export async function openClickhouse(url: string, concurrent = 16): Promise<EventStore> {
  const client = createClient({
    url,
    request_timeout: 120_000,
    max_open_connections: concurrent + 2,
    application: 'ironbark',
  });
  const inTurn = slots(concurrent);

  const read = async <Row extends object>(
    scope: Scope | 'system',
    query: EventQuery,
    signal?: AbortSignal,
  ): Promise<Row[]> => {
    const { sql, params, maxRows = 10_000, maxSeconds = 10 } = query;
    const nonce = `n_${randomBytes(12).toString('hex')}`;
    // A setting in a URL is its value, not an SQL literal.
    const settings = Object.entries(readerSettings(scope, maxSeconds)).map(([name, value]) => [
      name,
      value.replace(/^'(.*)'$/, '$1'),
    ]);
    try {
      const { stream } = await client.exec({
        query: wrap(sql, nonce, maxRows),
        query_params: bindable(params),
        clickhouse_settings: {
          ...Object.fromEntries(settings),
          readonly: '1',
          wait_end_of_query: 1,
          // Closing the connection, which the signal does, stops the query.
          cancel_http_readonly_queries_on_client_close: 1,
        },
        ...(signal && { abort_signal: signal }),
      });
      return unwrap<Row>(await text(stream), nonce, maxRows);
    } catch (error) {
      throw 'status' in Object(error) ? error : queryError(faultOf(error), maxSeconds);
    }
  };
  const run = async (sql: string): Promise<void> => {
    await client.command({ query: sql, clickhouse_settings: { wait_end_of_query: 1 } });
  };

  try {
    await updateTables({
      run,
      rows: async (sql) =>
        (await client.query({ query: sql, format: 'JSONEachRow' })).json<Record<string, unknown>>(),
    });
  } catch (error) {
    await client.close();
    throw 'status' in Object(error)
      ? error
      : new EventsUnavailable('the ClickHouse server could not be used', error);
  }
  return {
    engine: 'clickhouse',
    insert: async (block) => {
      const { rows, columns, native } = readBlock(block);
      if (rows === 0) return;
      try {
        const { stream } = await client.exec({
          query: `INSERT INTO event (${columns.join(', ')}) FORMAT Native`,
          values: Readable.from([Buffer.from(native.buffer, native.byteOffset, native.byteLength)]),
          clickhouse_settings: { max_partitions_per_insert_block: '0', wait_end_of_query: 1 },
        });
        await text(stream);
      } catch (error) {
        throw insertError(faultOf(error));
      }
    },
    query: async (scope, query, signal) => {
      refuseWaysAround(query.sql);
      return inTurn(() => read(scope, query, signal), signal);
    },
    systemQuery: (query) => read('system', query),
    size: () => sizeOf((query) => read('system', query)),
    close: () => client.close(),
  };
}

async function text(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part as Uint8Array)); // a byte stream without encoding gives bytes
  return Buffer.concat(parts).toString('utf8');
}
