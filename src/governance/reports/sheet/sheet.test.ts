import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unzip } from '../archive/unzip.ts';
import { zip } from '../archive/zip.ts';
import { SheetRefused } from '../errors.ts';
import { readSheets } from './read.ts';
import { cellLimit, cellText, ownText, wasCut } from './text.ts';
import { writeSheets } from './write.ts';

const one = (cells: readonly (string | null)[][]) =>
  writeSheets([{ name: 'One', widths: [20], rows: cells.map((row) => ({ cells: row })) }]);

describe('what is written is what is read', () => {
  test('any words, whatever they look like', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.array(
            fc.oneof(
              fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
              fc.constantFrom('=1+1', '+61', '-x', '@a', "'=a", "''", '_x000D_', 'a\nb', '<&>"', ' two  '),
            ),
            { minLength: 1, maxLength: 6 },
          ),
          { minLength: 1, maxLength: 8 },
        ),
        async (rows) => {
          const [sheet] = await readSheets(await one(rows));
          const clean = rows.map((row) =>
            row.map((text) => ownText(cellText(text).replaceAll(/_x005F_(x[0-9A-Fa-f]{4}_)/g, '_$1'))),
          );
          const read = sheet?.rows.map((row) =>
            row.map((cell) => (cell === null ? '' : ownText(String(cell)))),
          );
          const width = Math.max(...rows.map((row) => row.length));
          expect(read).toEqual(
            clean.map((row) => [...row, ...Array.from({ length: width - row.length }, () => '')]),
          );
        },
      ),
      { numRuns: 5 },
    );
  }, 240_000);

  test('no cell begins like a formula', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 20 }),
        fc.constantFrom('=', '+', '-', '@', '\t', "'="),
        (rest, first) => {
          const cell = cellText(first + rest);
          expect(cell).not.toMatch(/^[=+\-@\t]/);
          expect(ownText(cell)).toBe(ownText(cellText(ownText(cell))));
        },
      ),
    );
  });

  test('a text that no cell can hold is cut, and says so', () => {
    const cell = cellText('x'.repeat(cellLimit + 1));
    expect(cell.length).toBe(cellLimit);
    expect(wasCut(cell)).toBe(true);
    expect(wasCut(cellText('x'.repeat(cellLimit)))).toBe(false);
  });

  test('the same sheets give the same bytes, and a hidden sheet stays hidden', async () => {
    const sheets = [
      {
        name: 'Shown & told',
        widths: [10, 10],
        frozenRows: 1,
        rows: [{ cells: [{ text: 'A', style: 'heading' as const }, 'B'] }, { cells: ['x', null], level: 1 }],
        choices: [{ column: 1, from: 'Words!$A$1:$A$1', firstRow: 2 }],
      },
      { name: 'Words', hidden: true, widths: [10], rows: [{ cells: ['Yes'] }] },
    ];
    const bytes = await writeSheets(sheets);
    expect(await writeSheets(sheets)).toEqual(bytes);
    expect((await readSheets(bytes)).map(({ name, hidden }) => [name, hidden])).toEqual([
      ['Shown & told', false],
      ['Words', true],
    ]);
    const parts = await unzip(bytes, { files: 100, bytes: 10_000_000, ratio: 1000 });
    const xml = parts.map(({ bytes: part }) => Buffer.from(part).toString('utf8')).join('');
    expect(xml).toContain('<dataValidation type="list"');
    expect(xml).toContain('outlineLevel="1"');
    expect(xml).not.toMatch(/<f[ >]/);
  });
});

describe('a hostile file is refused with a reason', () => {
  const refused = (bytes: Buffer) => expect(readSheets(bytes)).rejects.toThrow(SheetRefused);
  const parts = async () => unzip(await one([['a']]), { files: 100, bytes: 10_000_000, ratio: 1000 });

  test('no archive, half an archive, an archive of something else', async () => {
    await refused(Buffer.from('id,status\n1,yes\n'));
    await refused((await one([['a']])).subarray(0, 900));
    await refused(zip([{ path: 'readme.txt', bytes: Buffer.from('hello') }]));
  });

  test('one that unpacks to a thousand times its size', async () => {
    const bomb = { path: 'xl/media/image1.bin', bytes: Buffer.alloc(64 * 1024 * 1024) };
    await refused(zip([...(await parts()), bomb]));
  });

  test('one whose directory says less than what is in it', async () => {
    const bytes = await one([['a'.repeat(5000)]]);
    const at = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    bytes.writeUInt32LE(1, at + 24);
    await refused(bytes);
  });

  test('a cell at the far end of the sheet costs nobody their memory', async () => {
    const files = (await parts()).map(({ path, bytes }) => ({
      path,
      bytes: path.endsWith('sheet1.xml')
        ? Buffer.from(Buffer.from(bytes).toString('utf8').replaceAll('r="A1"', 'r="XFD1048576"'))
        : bytes,
    }));
    await refused(zip(files));
  }, 60_000);

  test('entities and document types are no way in', async () => {
    const files = (await parts()).map(({ path, bytes }) => ({
      path,
      bytes: path.endsWith('sheet1.xml')
        ? Buffer.from(
            Buffer.from(bytes)
              .toString('utf8')
              .replace('<worksheet', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet'),
          )
        : bytes,
    }));
    const read = await readSheets(zip(files)).catch((error: unknown) => error);
    expect(JSON.stringify(read)).not.toContain('root:');
  });
});
