import { expect, test } from 'vitest';
import { type KnownValue, memoryBudget, ValueMemory } from './memory.ts';

const known = (text: string): KnownValue => ({
  text,
  witnesses: [],
  lowered: undefined,
  answers: undefined,
});

test('a value that was kept is found by its text, and no other value is taken for it', () => {
  const memory = new ValueMemory(memoryBudget(1e6));
  const path = 'C:\\Windows\\System32\\svchost.exe';
  expect(memory.find(path)).toBeUndefined();
  memory.keep(known(path));
  expect(memory.find(path)?.text).toBe(path);
  for (let at = 0; at < path.length; at++) {
    const other = `${path.slice(0, at)}!${path.slice(at + 1)}`;
    expect(memory.find(other)).toBeUndefined();
  }
  expect(memory.find('')).toBeUndefined();
});

test('beyond the budget of all memories together everything is forgotten, and remembering goes on', () => {
  const budget = memoryBudget(2000);
  const first = new ValueMemory(budget);
  const second = new ValueMemory(budget);
  first.keep(known('early'));
  for (let at = 0; at < 20; at++) second.keep(known(`value ${at}`));
  expect(budget.epoch).toBeGreaterThan(0);
  expect(first.find('early')).toBeUndefined();
  first.keep(known('late'));
  expect(first.find('late')?.text).toBe('late');
  expect(budget.left).toBeGreaterThan(0);
});

test('a field whose values never come again is left alone for a while, then tried again', () => {
  const memory = new ValueMemory(memoryBudget(1e9));
  let asked = 0;
  let slept = 0;
  for (let at = 0; at < 10_000; at++) {
    if (!memory.awake) {
      slept++;
      continue;
    }
    asked++;
    if (memory.find(`id ${at}`) === undefined) memory.keep(known(`id ${at}`));
  }
  expect(slept).toBeGreaterThan(9000);
  expect(asked).toBeGreaterThan(256);
});

test('long values that differ in a few characters are told apart and each is found again', () => {
  const memory = new ValueMemory(memoryBudget(1e9));
  const traces = Array.from(
    { length: 100 },
    (_, at) =>
      `${'C:\\Windows\\SYSTEM32\\ntdll.dll+9c584|'.repeat(8)}KERNELBASE.dll+${(0x20000 + at * 977).toString(16)}|tail`,
  );
  let found = 0;
  for (let round = 0; round < 3; round++) {
    for (const text of traces) {
      const again = memory.find(text);
      if (again === undefined) memory.keep(known(text));
      else {
        expect(again.text).toBe(text);
        found++;
      }
    }
  }
  expect(found).toBeGreaterThan(80);
});
