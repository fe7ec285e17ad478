import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createZstdCompress } from 'node:zlib';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EvidenceFromFuture, readerApart } from '#governance/evidence';
import { answersWhile } from '#platform/apart/testing';

const worker = new URL('./worker.ts', import.meta.url);
const now = new Date('2026-07-02T00:00:00Z');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ironbark-evidence-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A file as the evidence module receives it. */
async function received(name: string, text: Iterable<string>): Promise<string> {
  const path = join(folder, `${name}.zst`);
  await pipeline(Readable.from(text), createZstdCompress(), createWriteStream(path));
  return path;
}
const stated = (name: string, more: object = {}) => ({
  environment: 'odce',
  kind: 'test.doors',
  name,
  dryRun: false,
  ...more,
});
function* rows(count: number): Generator<string> {
  yield 'subject,open,remark\n';
  for (let at = 0; at < count; at++) yield `door-${at},no,"${'checked by hand '.repeat(12)}"\n`;
}

test('while an export of 20 MB is read, others are answered, and what it says arrives whole', async () => {
  const path = await received('doors', rows(100_000));
  const reading = readerApart(worker)({ path, stated: stated('doors.csv'), now });
  expect(await answersWhile(reading)).toBeGreaterThan(20);
  const { gathered, about, refused } = await reading;
  expect([gathered.facts, gathered.report.taken, refused]).toEqual([100_000, 100_000, undefined]);
  expect(about).toMatchObject({ kind: 'test.doors', collectedAt: now });
  expect(gathered.parts.every(({ packed }) => Buffer.isBuffer(packed))).toBe(true);
  expect(gathered.sample[0]?.subject).toBe('door-0');
}, 120_000);

test('what is refused in that thread is refused as in any other', async () => {
  const path = await received('none', ['<html>no evidence</html>']);
  const read = readerApart(worker);
  await expect(read({ path, stated: stated('none.html', { kind: 'auto' }), now })).rejects.toMatchObject({
    code: 'evidence-refused',
  });
  const later = { collectedAt: new Date('2027-01-01T00:00:00Z') };
  const good = await received('good', rows(3));
  await expect(read({ path: good, stated: stated('good.csv', later), now })).rejects.toThrow(
    EvidenceFromFuture,
  );
}, 60_000);

test('one that takes too much time or memory ends with its thread', async () => {
  const path = await received('long', rows(200_000));
  const given = { path, stated: stated('long.csv'), now };
  await expect(readerApart(worker, { memoryMiB: 1024, seconds: 0.01 })(given)).rejects.toThrow(/more than/);
  await expect(readerApart(worker, { memoryMiB: 12, seconds: 60 })(given)).rejects.toThrow(/MiB of memory/);
}, 60_000);
