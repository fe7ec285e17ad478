import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { closing } from './closing.ts';
import { DataFolderNewer, identityKey, placesIn, prepareFolder } from './folder.ts';
import { keepRules } from './keep-rules.ts';
import { closeLocalDoor, findLocalDoor, openLocalDoor } from '#app/local';

const folder = () => join(mkdtempSync(join(tmpdir(), 'ironbark-app-')), 'data');

test('what was opened is closed in the opposite order, also past one that fails', async () => {
  const closed: string[] = [];
  const opened = closing();
  for (const name of ['a', 'b', 'c'])
    opened.keep(name, (part) => {
      closed.push(part);
      if (part === 'b') throw new Error('b does not close');
    });
  await expect(opened.close()).rejects.toThrow(AggregateError);
  expect(closed).toEqual(['c', 'b', 'a']);
  await opened.close();
  expect(closed).toHaveLength(3);
});

test("a data folder is its owner's alone, and the same key is there the next time", () => {
  const data = folder();
  prepareFolder(data);
  const key = identityKey(data);
  prepareFolder(data);
  expect(identityKey(data)).toEqual(key);
  expect(statSync(data).mode & 0o777).toBe(0o700);
  expect(statSync(placesIn(data).identityKey).mode & 0o777).toBe(0o600);
});

test('a data folder of a newer version is refused, and nothing in it is touched', () => {
  const data = folder();
  prepareFolder(data);
  writeFileSync(placesIn(data).layout, '2\n');
  expect(() => prepareFolder(data)).toThrow(DataFolderNewer);
  expect(readFileSync(placesIn(data).layout, 'utf8')).toBe('2\n');
});

test('a key that was cut short is refused', () => {
  const data = folder();
  prepareFolder(data);
  identityKey(data);
  writeFileSync(placesIn(data).identityKey, 'AAAA');
  expect(() => identityKey(data)).toThrow(/key of 32 bytes/);
});

test('the way in for this machine is readable by its owner only, and gone after a stop', () => {
  const data = folder();
  prepareFolder(data);
  const door = { url: 'http://127.0.0.1:7460', secret: 's', pid: 1 };
  openLocalDoor(data, door);
  expect(findLocalDoor(data)).toEqual(door);
  expect(statSync(placesIn(data).local).mode & 0o777).toBe(0o600);
  // One that somebody else left readable is made anew, not written over.
  chmodSync(placesIn(data).local, 0o644);
  openLocalDoor(data, door);
  expect(statSync(placesIn(data).local).mode & 0o777).toBe(0o600);
  closeLocalDoor(data);
  expect(findLocalDoor(data)).toBeUndefined();
});

test('rules are given to the pipeline one set at a time, and the last one always arrives', async () => {
  let version = 1;
  let loaded = '1';
  let under = 0;
  let most = 0;
  let change = (): void => {};
  const running = async () => ({ version: String(version), texts: [], disabled: [], exceptions: [] });
  const stop = await keepRules({
    rules: {
      running,
      onChange: async (heard) => {
        change = heard;
        return async () => undefined;
      },
    },
    pipeline: {
      reload: async (rules) => {
        most = Math.max(most, ++under);
        await new Promise((resolve) => setImmediate(resolve));
        under--;
        if (rules.version === '3') throw new Error('these do not load');
        loaded = rules.version;
      },
      rules: () => ({ version: loaded, facts: [], rejected: 0 }),
    },
    log: pino({ level: 'silent' }),
  });
  for (version = 2; version < 9; version++) change();
  await expect.poll(() => loaded).toBe('9');
  version = 3;
  change();
  await expect.poll(() => under).toBe(0);
  version = 10;
  change();
  await expect.poll(() => loaded).toBe('10');
  expect(most).toBe(1);
  await stop();
});
