import { expect, test } from 'vitest';
import { answersWhile } from '#platform/apart/testing';
import { readApart } from './read-apart.ts';
import { ownCatalogue } from './testing.ts';

const words = 'The system keeps a record of who did what, and somebody reads it every week. ';
const catalogue = (controls: number, repeats: number) => [
  {
    path: 'catalog.json',
    text: JSON.stringify(
      ownCatalogue(
        '1',
        Object.fromEntries(
          Array.from({ length: controls }, (_, at) => [`c-${at}`, `${at}: ${words.repeat(repeats)}`]),
        ),
      ),
    ),
  },
];

test('while a catalogue of 20 MB is read, others are answered', async () => {
  const files = catalogue(15_000, 16);
  expect(files[0]?.text.length).toBeGreaterThan(20_000_000);
  const reading = readApart('large', files);
  // Read in this thread it would be one piece of work, with one answer before it and none within.
  expect(await answersWhile(reading)).toBeGreaterThan(20);
  expect((await reading).controls.length).toBeGreaterThanOrEqual(15_000);
}, 120_000);

test('a fault in a large catalogue is said as one in a small', async () => {
  const spoilt = (files: ReturnType<typeof catalogue>) =>
    files.map(({ path, text }) => ({ path, text: text.replace('"c-1"', '"c-0"') }));
  const small = await readApart('given', spoilt(catalogue(3, 1))).catch((error: unknown) => error);
  const large = await readApart('given', spoilt(catalogue(3000, 2))).catch((error: unknown) => error);
  expect(small).toMatchObject({ code: 'catalogue-refused' });
  expect(large).toMatchObject({ code: 'catalogue-refused', message: (small as Error).message });
}, 60_000);

test('one that takes too much memory or time ends with its thread', async () => {
  const files = catalogue(3000, 4);
  await expect(readApart('given', files, { memoryMiB: 16, seconds: 120 })).rejects.toThrow(/MiB of memory/);
  await expect(readApart('given', files, { memoryMiB: 512, seconds: 0.001 })).rejects.toThrow(/more than/);
}, 60_000);
