import { describe, expect, test } from 'vitest';
import { strategies } from './strategy.ts';
import { askedAt, bringFor, levelsDigest, levelsOf, withCatalogue } from './table.ts';
import { shippedTable } from './testing.ts';

const table = shippedTable();

test('126 controls make up the eight, 152 times counted by strategy', () => {
  expect(table.controls).toHaveLength(126);
  expect(table.controls.flatMap((one) => one.strategies)).toHaveLength(152);
  expect(new Set(table.controls.map(({ id }) => id)).size).toBe(126);
});

test('as many controls a level and strategy as the model has', () => {
  const counts = strategies.map(({ id }) => ([1, 2, 3] as const).map((at) => askedAt(table, id, at).length));
  expect(counts).toEqual([
    [9, 11, 13],
    [8, 8, 16],
    [7, 19, 23],
    [7, 20, 29],
    [3, 14, 19],
    [4, 5, 11],
    [4, 22, 27],
    [6, 8, 11],
  ]);
});

test('levels are not cumulative: 1691 and 1695 stop after ML2, 1873 is of ML2 alone, and no other gives way', () => {
  const dropped = table.controls.filter((one) => one.levels.some((at) => at < 3) && !one.levels.includes(3));
  expect(dropped.map(({ id, levels }) => [id, levels])).toEqual([
    ['ism-1691', [1, 2]],
    ['ism-1695', [1, 2]],
    ['ism-1873', [2]],
  ]);
});

test('the digest of the levels is the one every edition since December 2023 has', () => {
  expect(levelsDigest(levelsOf(table))).toBe(
    '42b282d739bf8eed397d35d191beb7b99b54e3961cff9cef0fef2f1e72f1f8b5',
  );
});

test('every control says which evidence to bring', () => {
  for (const { id } of table.controls) expect(bringFor(table, id), id).not.toHaveLength(0);
});

test('the clocks of the 15 patching controls and of the 7 scanning controls are there', () => {
  expect(table.controls.filter(({ patch }) => patch)).toHaveLength(15);
  expect(table.controls.filter(({ scan }) => scan)).toHaveLength(7);
});

test('with the eight, ASD has 37 strategies; nine of the others carry its rating, the rest is unknown to us', () => {
  expect(table.others).toHaveLength(37 - strategies.length);
  expect(new Set(table.others.map(({ id }) => id)).size).toBe(29);
  expect(Map.groupBy(table.others, ({ priority }) => priority).get('excellent')).toHaveLength(9);
  expect(Map.groupBy(table.others, ({ priority }) => priority).get('unknown')).toHaveLength(20);
});

describe('a catalogue', () => {
  test('without levels leaves ours', () => {
    expect(withCatalogue(table, new Map([['own-1', []]]))).toEqual({
      table,
      source: 'table',
      differences: [],
    });
  });

  test('that differs wins, and each difference is told', () => {
    const said = new Map(table.controls.map(({ id, levels }) => [id, levels.map((at) => `ML${at}`)]));
    said.set('ism-1896', ['ML2', 'ML3']);
    said.delete('ism-1654');
    said.set('ism-9999', ['ML1']);
    const { table: now, source, differences } = withCatalogue(table, said);
    expect(source).toBe('catalogue');
    expect(differences).toEqual([
      { control: 'ism-1654', table: [1, 2, 3], catalogue: [], placed: true },
      { control: 'ism-1896', table: [3], catalogue: [2, 3], placed: true },
      { control: 'ism-9999', table: [], catalogue: [1], placed: false },
    ]);
    expect(now.controls.find(({ id }) => id === 'ism-1896')?.levels).toEqual([2, 3]);
    expect(now.controls.some(({ id }) => id === 'ism-1654')).toBe(false);
  });
});
