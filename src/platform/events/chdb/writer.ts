import { type TableChange, updateTables } from '../tables.ts';
import type { Connection } from './connection.ts';
import { database } from './readers.ts';

/**
 * From this many rows a block is stored without its index of words, which costs as much as the rest and is made anew by
 * the merge that follows: so many come when the pipeline is behind. Smaller ones are found by it at once.
 */
const manyRows = 5000;

/** The one session that writes. */
export async function openWriter(
  connection: Connection,
  changes?: readonly TableChange[],
): Promise<{
  insert(file: string, columns: readonly string[], rows: number): Promise<void>;
  close(): Promise<void>;
}> {
  let last: Promise<unknown> = Promise.resolve();
  const run = async (sql: string): Promise<void> => {
    try {
      await connection.run(sql);
    } catch (error) {
      // What a failed statement left behind comes out here, and goes nowhere.
      await connection.run('SELECT 1 FORMAT Null').catch(() => undefined);
      throw error;
    }
  };
  await run(`CREATE DATABASE IF NOT EXISTS ${database} ENGINE = Atomic`);
  await run(`USE ${database}`);
  // A block with clocks years off is still taken whole; the normaliser bounds how far off they may be.
  await run('SET max_partitions_per_insert_block = 0');
  await run('SET max_insert_threads = 1');
  const rows = async (sql: string): Promise<Record<string, unknown>[]> => {
    const lines = (await connection.run(`${sql} FORMAT JSONEachRow`))
      .split('\n')
      .filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>); // JSONEachRow: one object a line
  };
  await updateTables({ run, rows }, changes);
  return {
    insert: (file, columns, count) => {
      const names = columns.join(', ');
      const later = count < manyRows ? '' : "SETTINGS exclude_materialize_skip_indexes_on_insert = 'words'";
      const mine = last.then(() =>
        run(
          `INSERT INTO event (${names}) ${later} SELECT ${names} FROM file('${file.replaceAll("'", "\\'")}', Native)`,
        ),
      );
      last = mine.catch(() => undefined);
      return mine;
    },
    close: async () => {
      await last;
      await connection.close();
    },
  };
}
