import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine, Session } from './engine.ts';
import { MigrationEdited, MigrationFailed, RecordsNewer } from './errors.ts';

export type Migration = {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
};

/** Every module's `migrations/NNNN_what_it_does.sql` under `root`, by number. @throws where two share a number */
export function collectMigrations(root = fileURLToPath(new URL('../..', import.meta.url))): Migration[] {
  const found = globSync('**/migrations/*.sql', { cwd: root }).map((path): Migration => {
    const name = basename(path, '.sql');
    const number = /^(\d{4})_[a-z0-9_]+$/.exec(name)?.[1];
    if (number === undefined) throw new Error(`${path} is to be called NNNN_what_it_does.sql`);
    const sql = readFileSync(`${root}/${path}`, 'utf8');
    return { number: Number(number), name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
  });
  found.sort((a, b) => a.number - b.number);
  for (const [index, migration] of found.entries()) {
    if (found[index + 1]?.number === migration.number)
      throw new Error(`${migration.name} and ${found[index + 1]?.name} share a number`);
  }
  return found;
}

/**
 * Brings the database up to `migrations`: each in a transaction of its own, by number, in one process at a time.
 * Numbers are ranges of modules, so one that is lower than the last that ran still runs when it is new.
 * @throws {RecordsNewer} before anything is changed, where the database has a migration that is not among ours
 * @throws {MigrationEdited} {MigrationFailed}
 * @returns names of what ran now
 */
export function migrate(engine: Engine, migrations: readonly Migration[]): Promise<string[]> {
  return engine.alone(async (session) => {
    await session.script(`
      create schema if not exists platform;
      create table if not exists platform.migration (
        number integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now()
      );`);
    const pending = unapplied(
      migrations,
      await session.rows<Applied>('select name, sha256 from platform.migration order by number'),
    );
    for (const migration of pending) await apply(session, migration);
    return pending.map(({ name }) => name);
  });
}

type Applied = { name: string; sha256: string };

function unapplied(migrations: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const ours = new Map(migrations.map((migration) => [migration.name, migration]));
  const unknown = applied.findLast(({ name }) => !ours.has(name));
  if (unknown !== undefined) throw new RecordsNewer(unknown.name);
  const edited = applied.find(({ name, sha256 }) => ours.get(name)?.sha256 !== sha256);
  if (edited !== undefined) throw new MigrationEdited(edited.name);
  const done = new Set(applied.map(({ name }) => name));
  return migrations.filter(({ name }) => !done.has(name));
}

async function apply(session: Session, { number, name, sql, sha256 }: Migration): Promise<void> {
  await session.script('begin');
  try {
    await session.script(sql);
    await session.rows('insert into platform.migration (number, name, sha256) values ($1, $2, $3)', [
      number,
      name,
      sha256,
    ]);
    await session.script('commit');
  } catch (error) {
    await session.script('rollback');
    throw new MigrationFailed(name, error);
  }
}
