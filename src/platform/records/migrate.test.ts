import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Engine } from './engine.ts';
import { MigrationEdited, MigrationFailed, RecordsNewer } from './errors.ts';
import { collectMigrations, type Migration, migrate } from './migrate.ts';
import { testEngine } from './testing/index.ts';

const migration = (number: number, sql: string): Migration => ({
  number,
  name: `${number}_m`,
  sql,
  sha256: createHash('sha256').update(sql).digest('hex'),
});
const [a, b, c] = [
  migration(1, 'create table a (i int)'),
  migration(2, 'create table b (i int)'),
  migration(3, 'create table c (i int)'),
];

let engine: Engine;
beforeEach(async () => {
  engine = await testEngine([]);
});
afterEach(() => engine.close());
const tables = () =>
  engine.alone(async (session) =>
    (
      await session.rows<{ name: string }>(
        `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
      )
    ).map(({ name }) => name),
  );

test('migrations run once, by number, and a new lower number still runs', async () => {
  expect(await migrate(engine, [a, c])).toEqual(['1_m', '3_m']);
  expect(await migrate(engine, [a, c])).toEqual([]);
  expect(await migrate(engine, [a, b, c])).toEqual(['2_m']);
  expect(await tables()).toEqual(['a', 'b', 'c']);
});

test('two that migrate at once do it once', async () => {
  const ran = await Promise.all([migrate(engine, [a, b]), migrate(engine, [a, b])]);
  expect(ran.flat()).toEqual(['1_m', '2_m']);
});

test('a failing migration is rolled back whole, and those before it stand', async () => {
  const broken = migration(2, 'create table half (i int); select no_such_function()');
  await expect(migrate(engine, [a, broken, c])).rejects.toThrow(MigrationFailed);
  expect(await tables()).toEqual(['a']);
  expect(await migrate(engine, [a, b, c])).toEqual(['2_m', '3_m']);
});

test('records of a newer version are refused before anything is changed', async () => {
  await migrate(engine, [a, c]);
  await expect(migrate(engine, [a, b])).rejects.toThrow(RecordsNewer);
  expect(await tables()).toEqual(['a', 'c']);
});

test('an edited migration is refused', async () => {
  await migrate(engine, [a]);
  await expect(migrate(engine, [migration(1, 'create table a (i bigint)'), b])).rejects.toThrow(
    MigrationEdited,
  );
});

test('the migrations of the sources have numbers of their own and names that say what they do', () => {
  const found = collectMigrations();
  expect(found.map(({ name }) => name)).toContain('0001_platform');
  expect(new Set(found.map(({ number }) => number)).size).toBe(found.length);
});
