import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestRecords } from '#platform/records/testing';
import { listCollections } from './collections.ts';
import { type EvidenceWorld, openEvidence } from './testing.ts';
import { takeFile } from './take.ts';

const mebibyte = 1024 * 1024;
let world: EvidenceWorld;
beforeAll(async () => {
  const records = await createTestRecords();
  world = await openEvidence({ records, close: () => records.close() });
}, 120_000);
afterAll(() => world.close());

/** So many bytes of a JSON text, made while they are read. */
function* exported(bytes: number): Generator<Buffer> {
  yield Buffer.from('{"facts":[');
  const padding = Buffer.alloc(mebibyte, ' ');
  for (let at = 0; at < bytes / mebibyte; at++) yield padding;
  yield Buffer.from('{"subject":"pc1","values":{"patched":true}}]}');
}
const send = (bytes: number) =>
  takeFile(
    world.deps,
    world.officer,
    { environment: 'odce', kind: 'test.hosts', name: 'export.json', dryRun: false },
    Readable.from(exported(bytes)),
  );
const kept = async () => {
  const query = { environment: 'odce', kind: undefined, before: undefined, limit: 9 };
  return (await listCollections(world.deps, world.officer, query)).length;
};

test('an export of more than 512 MiB is refused by its size, with what to do, and nothing of it is left', async () => {
  await expect(send(513 * mebibyte)).rejects.toThrow(/larger than 512 MiB.*gzip/);
  expect(await kept()).toBe(0);
  expect(readdirSync(join(world.folder, 'arriving'))).toEqual([]);
}, 120_000);
