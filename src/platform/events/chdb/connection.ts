import { type ClickHouseClientConfigOptions, createClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';

/** One session of the engine in this process. Answers are text in the FORMAT that the statement names. */
export interface Connection {
  run(sql: string, params?: Readonly<Record<string, unknown>>): Promise<string>;
  close(): Promise<void>;
}

/**
 * A session as the engine gives it, guarded by nothing: a statement that fails leaves rows for the next one.
 * One folder a process, main thread only.
 */
export function openConnection(folder: string): Connection {
  // The same interface, from chDB's own copy of the client's types, which private fields make a different one.
  const connection = createChdbConnection({ path: folder }) as unknown as NonNullable<
    ClickHouseClientConfigOptions['connection']
  >;
  const client = createClient({ connection });
  return {
    run: async (sql, params = {}) => {
      const { stream } = await client.exec({ query: sql, query_params: { ...params } });
      const parts: Buffer[] = [];
      for await (const part of stream) parts.push(part as Buffer); // a byte stream without encoding gives Buffers
      return Buffer.concat(parts).toString('utf8');
    },
    close: () => client.close(),
  };
}
