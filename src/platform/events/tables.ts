import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EventsNewer } from './errors.ts';

/** One statement a file: the engine has no transactions over statements. */
export type TableChange = { readonly name: string; readonly sql: string; readonly sha256: string };

export function tableChanges(folder = fileURLToPath(new URL('tables', import.meta.url))): TableChange[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(`${folder}/${name}`, 'utf8').trim().replace(/;$/, '');
      return { name: name.slice(0, -4), sql, sha256: createHash('sha256').update(sql).digest('hex') };
    });
}

export type Statements = {
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<Record<string, unknown>[]>;
};

/**
 * Brings the store's tables up to date, and remembers in the store itself what was done.
 * @throws {EventsNewer} before anything is changed, where the store has a change that is not among ours
 */
export async function updateTables(
  store: Statements,
  changes: readonly TableChange[] = tableChanges(),
): Promise<void> {
  await store.run(
    `CREATE TABLE IF NOT EXISTS table_change (name String, sha256 String, applied_at DateTime DEFAULT now()) ENGINE = MergeTree ORDER BY name`,
  );
  const applied = new Map(
    (await store.rows('SELECT name, sha256 FROM table_change')).map(({ name, sha256 }) => [
      String(name),
      String(sha256),
    ]),
  );
  const ours = new Set(changes.map(({ name }) => name));
  const unknown = [...applied.keys()].sort().findLast((name) => !ours.has(name));
  if (unknown !== undefined) throw new EventsNewer(unknown);
  for (const { name, sql, sha256 } of changes) {
    const before = applied.get(name);
    if (before === sha256) continue;
    if (before !== undefined) throw new EventsNewer(`${name}, with another text`);
    await store.run(sql);
    await store.run(`INSERT INTO table_change (name, sha256) VALUES ('${name}', '${sha256}')`);
  }
}
