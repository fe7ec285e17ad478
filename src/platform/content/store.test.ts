import { afterAll, beforeAll, expect, test } from 'vitest';
import { NotFound } from '#platform/errors';
import type { Records } from '#platform/records';
import { createTestRecords } from '#platform/records/testing';
import { systemAccess } from '#platform/scope';
import {
  activatePack,
  contentChanged,
  deactivatePack,
  listPacks,
  type NewPack,
  PackInUse,
  packFiles,
  readPackBytes,
  removePack,
  rollBackPack,
  savePack,
} from './index.ts';

let records: Records;
beforeAll(async () => {
  records = await createTestRecords();
});
afterAll(() => records.close());

const at = new Date('2026-05-01T00:00:00Z');
const run = <T>(work: Parameters<typeof records.transaction<T>>[1]): Promise<T> =>
  records.transaction(systemAccess('test'), work);
const pack = (id: string, name = 'community'): NewPack => ({
  id,
  kind: 'rules',
  name,
  version: id,
  origin: 'file',
  importedAt: at,
  importedBy: 'u1',
});
const save = async (id: string, text: string, name?: string) => {
  const files = await readPackBytes('rule.yml', Buffer.from(text));
  return run((tx) => savePack(tx, pack(id, name), files));
};
const active = async (): Promise<string[]> =>
  (await run((tx) => listPacks(tx, 'rules'))).filter((one) => one.active).map(({ id }) => id);

test('versions lie side by side, one is active, and the one before comes back', async () => {
  const heard: string[] = [];
  const stop = await records.onChange(contentChanged, (kind) => heard.push(kind));
  await save('v1', 'title: 1\n');
  await save('v2', 'title: 2\n');
  await save('other', 'title: 2\n', 'mine');
  expect(await active()).toEqual([]);
  for (const id of ['v1', 'v2', 'other']) await run((tx) => activatePack(tx, id, 'u1', at));
  expect(await active()).toEqual(['v2', 'other']);
  expect((await run((tx) => rollBackPack(tx, 'rules', 'community', 'u1', at))).id).toBe('v1');
  expect(await active()).toEqual(['v1', 'other']);
  expect(await run((tx) => packFiles(tx, 'v2'))).toEqual([{ path: 'rule.yml', text: 'title: 2\n' }]);
  await expect.poll(() => heard).toEqual(['rules', 'rules', 'rules', 'rules']);
  await stop();
});

test('the same content again is the version that is there', async () => {
  const again = await save('v3', 'title: 1\n');
  expect(again).toMatchObject({ id: 'v1', version: 'v1', active: true, importedAt: at, files: 1 });
});

test('an active version is not removed; one that was is no longer gone back to', async () => {
  await expect(run((tx) => removePack(tx, 'v1'))).rejects.toThrow(PackInUse);
  await run((tx) => removePack(tx, 'v2'));
  await expect(run((tx) => rollBackPack(tx, 'rules', 'community', 'u1', at))).rejects.toThrow(PackInUse);
  await run((tx) => deactivatePack(tx, 'v1'));
  expect(await active()).toEqual(['other']);
  await run((tx) => removePack(tx, 'v1'));
  for (const gone of ['v1', 'v2']) await expect(run((tx) => packFiles(tx, gone))).rejects.toThrow(NotFound);
});
