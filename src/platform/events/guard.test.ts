import { describe, expect, test } from 'vitest';
import { scopeOf, tenancyId } from '#platform/scope';
import { ForeignAnswer, QueryTooLarge } from './errors.ts';
import { refuseWaysAround, scopeFilter, unwrap } from './guard.ts';

describe('a scoped query may not', () => {
  test.each([
    `SELECT * FROM merge('ironbark', 'event')`,
    'SELECT * FROM mergeTreeIndex(ironbark, event)',
    'SELECT * FROM system.parts',
    'SELECT * FROM information_schema.tables',
    'SELECT 1; SELECT 2',
    'SELECT 1 SETTINGS max_threads = 1',
    `SELECT dictGet('a', 'b', 1)`,
  ])('%s', (sql) => {
    expect(() => refuseWaysAround(sql)).toThrow(TypeError);
  });
});

test('words that only look like a way around are let through', () => {
  for (const sql of [
    `SELECT 'a; system.x merge(y)' FROM event`,
    'SELECT merged FROM event',
    `SELECT * FROM event WHERE process_path ILIKE '%\\'; system.%'`,
    'SELECT {x:String}',
  ]) {
    expect(() => refuseWaysAround(sql)).not.toThrow();
  }
});

test('a filter names the tenancies, quoted twice', () => {
  const scope = scopeOf(['b-odce', 'a-odce'].map(tenancyId));
  if (scope === undefined) throw new Error('empty');
  expect(scopeFilter(scope)).toBe(`{'event': 'tenancy_id IN (\\'a-odce\\', \\'b-odce\\')'}`);
});

test('an answer is rows by name, once its first line says that it is ours', () => {
  expect(unwrap('["a","b","n_1"]\n[1,"x",0]\n[2,null,0]\n', 'n_1', 2)).toEqual([
    { a: 1, b: 'x' },
    { a: 2, b: null },
  ]);
  expect(unwrap('["a","n_1"]\n', 'n_1', 2)).toEqual([]);
  expect(() => unwrap('["a","n_1"]\n[1,0]\n[2,0]\n', 'n_1', 1)).toThrow(QueryTooLarge);
  for (const foreign of [
    '',
    '["a","n_0"]\n[1,0]\n',
    '{"a":1}\n["a","n_1"]\n[1,0]\n',
    '["a","n_1"]\n[1,2,3]\n',
    '["a","n_1"]\nnot json\n',
    '\n["a","n_1"]\n',
  ]) {
    expect(() => unwrap(foreign, 'n_1', 10), foreign).toThrow(ForeignAnswer);
  }
});
