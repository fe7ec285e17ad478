import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { columnIndex as c } from '../columns.ts';
import { EventBlock, readBlock } from '../event-block.ts';
import { searchText } from '../search-text.ts';
import { tableChanges } from '../tables.ts';
import { openConnection } from './connection.ts';
import { database } from './readers.ts';
import { openWriter } from './writer.ts';

function rowsFrom(first: number, count = 5000): EventBlock {
  const block = new EventBlock();
  for (let sequence = first; sequence < first + count; sequence++) {
    block.row();
    block.set(c.tenancy_id, 'acme-odce');
    block.set(c.time, Date.UTC(2026, 0, 1) + sequence * 1000);
    block.set(c.source_sequence, sequence);
    block.set(c.message, `needle${sequence}z in a message`);
    block.field('Message', `needle${sequence}z in a message`);
    block.field('Other', `other${sequence}z`);
  }
  return block;
}

test('events stored with the first tables are found after every change, with those stored later', async () => {
  const folder = mkdtempSync(`${tmpdir()}/ironbark-upgrade-`);
  const store = async (changes: number, first: number): Promise<void> => {
    const writer = await openWriter(openConnection(`${folder}/chdb`), tableChanges().slice(0, changes));
    const { rows, columns, native } = readBlock(rowsFrom(first).finish());
    writeFileSync(`${folder}/block`, native);
    await writer.insert(`${folder}/block`, columns, rows);
    await writer.close();
  };
  try {
    await store(3, 0);
    await store(tableChanges().length, 5000);
    const reader = openConnection(`${folder}/chdb`);
    await reader.run(`USE ${database}`);
    const find = (word: string): Promise<string> =>
      reader.run(
        `SELECT groupArray(source_sequence) FROM event WHERE hasToken(${searchText}, '${word}') FORMAT TSV`,
      );
    const all = async (): Promise<void> => {
      expect(await find('needle17z')).toBe('[17]\n');
      expect(await find('needle5017z')).toBe('[5017]\n');
      expect(await find('other4999z')).toBe('[4999]\n');
      expect(await find('needle')).toBe('[]\n');
    };
    await all();
    await reader.run('OPTIMIZE TABLE event FINAL');
    await all();
    // Merged, the words are in the index: it is asked, and leaves nothing of the table for a word that is nowhere.
    expect(
      await reader.run(
        `EXPLAIN indexes = 1 SELECT count() FROM event WHERE hasToken(${searchText}, 'nowhere77z') FORMAT TSV`,
      ),
    ).toMatch(/Name: words[\s\S]*Granules: 0\//);
    await reader.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

test.each([
  [100, 'Granules: 0/1'],
  [5000, 'Granules: 1/1'],
])(
  'a block of %i rows that was just stored is asked for a word as follows: %s',
  async (count, granules) => {
    const folder = mkdtempSync(`${tmpdir()}/ironbark-words-`);
    try {
      const writer = await openWriter(openConnection(`${folder}/chdb`));
      const { rows, columns, native } = readBlock(rowsFrom(0, count).finish());
      writeFileSync(`${folder}/block`, native);
      await writer.insert(`${folder}/block`, columns, rows);
      await writer.close();
      const reader = openConnection(`${folder}/chdb`);
      await reader.run(`USE ${database}`);
      expect(
        await reader.run(
          `EXPLAIN indexes = 1 SELECT count() FROM event WHERE hasToken(${searchText}, 'nowhere77z') FORMAT TSV`,
        ),
      ).toMatch(new RegExp(`Name: words[\\s\\S]*${granules}`));
      await reader.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  120_000,
);
