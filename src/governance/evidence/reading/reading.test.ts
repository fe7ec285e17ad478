import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EvidenceRefused } from '../errors.ts';
import { openEvidenceFile } from './evidence-file.ts';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const opened = (content: string | Buffer, size = 7) =>
  openEvidenceFile('file', () => inPieces(Buffer.from(content), size));
const all = async <T>(values: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
};
const rows = async (content: string | Buffer, size?: number) =>
  all((await opened(content, size)).file.rows());
const records = async (content: string | Buffer, size?: number) =>
  all((await opened(content, size)).file.records());
const values = async (content: string | Buffer, size?: number) =>
  (await records(content, size)).map((one) => (one.ok ? one.value : one.why));

describe('encodings', () => {
  const text = 'name;town\nZoë;Orléans\n';
  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16LE', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16LE', Buffer.from(text, 'utf16le')],
    ['UTF-16BE', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['Windows-1252', Buffer.from(text, 'latin1')],
    ['UTF-8', gzipSync(Buffer.from(text))],
  ])('%s is detected and read', async (encoding, bytes) => {
    const { file, head } = await opened(bytes, 3);
    expect([file.encoding, head.text]).toEqual([encoding, text]);
    expect(await all(file.rows())).toEqual([{ ok: true, row: 2, cells: { name: 'Zoë', town: 'Orléans' } }]);
  });

  test('lines of another encoding in one file are read as what they are, and counted', async () => {
    const filler = Array.from({ length: 9000 }, (_, at) => `row ${at},ok`).join('\n');
    const bytes = Buffer.concat([
      Buffer.from(`name,town\nZoë,Málaga\n${filler}\n`),
      Buffer.from('Zoë,Málaga\n', 'latin1'),
    ]);
    const { file, strays } = await opened(bytes, 4096);
    expect(file.encoding).toBe('UTF-8');
    const found = await all(file.rows());
    expect(found.at(-1)).toMatchObject({ cells: { name: 'Zoë', town: 'Málaga' } });
    expect(strays()).toBe(1);
  });
});

describe('CSV', () => {
  test('quotes, line ends and separators inside a cell stay in it, and a formula is text', async () => {
    expect(await rows('a,b\r\n"x, ""y""\nz",=1+cmd|\'/c calc\'!A1\r\n\r\n1,')).toEqual([
      { ok: true, row: 2, cells: { a: 'x, "y"\nz', b: "=1+cmd|'/c calc'!A1" } },
      { ok: true, row: 5, cells: { a: '1', b: '' } },
    ]);
  });
  test('a file that stops in the middle of a row says so of that row only', async () => {
    expect(await rows('a,b,c\n1,2,3\n4,5')).toEqual([
      expect.objectContaining({ ok: true }),
      expect.objectContaining({ ok: false, row: 3, cutOff: true }),
    ]);
    expect(await rows('a,b\n1,2\n3,"4')).toEqual([
      expect.objectContaining({ ok: true }),
      expect.objectContaining({ ok: false, row: 3, cutOff: true }),
    ]);
  });
  test('a row with too many cells is one bad row', async () => {
    expect(await rows('a\n1,2\n3\n')).toMatchObject([{ ok: false, row: 2, cutOff: false }, { ok: true }]);
  });
  test('columns without a name, or with the same, are refused', async () => {
    await expect(rows('a,,b\n1,2,3\n')).rejects.toThrow(/no name/);
    await expect(rows('a,a\n1,2\n')).rejects.toThrow(/twice/);
  });
  test('any table comes back as it was written, whatever the pieces it arrives in', async () => {
    const cell = fc.string({ maxLength: 8 }).map((text) => text.replaceAll(/[\r\0]/g, '').trim());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        async (table, size) => {
          const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
          const content = `left,right\n${table.map((row) => row.map(quoted).join(',')).join('\n')}\n`;
          const found = await rows(content, size);
          const expected = table.filter((row) => row.some((one) => one !== ''));
          expect(found.map((row) => (row.ok ? [row.cells['left'], row.cells['right']] : row.why))).toEqual(
            expected,
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('JSON records', () => {
  const three = [{ a: 1 }, { b: [{ c: ']}' }] }, { d: '\\"{' }];
  test.each([
    ['an array', JSON.stringify(three)],
    ['an indented array', JSON.stringify(three, null, 2)],
    ['the list of an object', JSON.stringify({ '@odata.context': 'x[', value: three, after: [1] })],
    ['lines', three.map((one) => JSON.stringify(one)).join('\n')],
    ['values one after another', three.map((one) => JSON.stringify(one, null, 1)).join(' ')],
  ])('of %s are found', async (_what, content) => {
    for (const size of [1, 5, 1000]) expect(await values(content, size)).toEqual(three);
  });
  test('what an object says before its list is told', async () => {
    const { file } = await opened(JSON.stringify({ collection: { source: 'x' }, facts: three }), 3);
    expect(await file.about()).toEqual({ collection: { source: 'x' } });
    expect(await (await opened('[{}]')).file.about()).toEqual({});
  });
  test('one object without a list is one record, lists of other names inside it too', async () => {
    expect(await values('{"id":1,"details":[{"a":1}]}')).toEqual([{ id: 1, details: [{ a: 1 }] }]);
  });
  test('a broken line does not hide the next', async () => {
    expect(await values('{"a":1}\n{"b":\n{"c":3}\n')).toEqual([{ a: 1 }, 'It is no JSON object.', { c: 3 }]);
  });
  test('half a line or half an array at the end is told as that', async () => {
    expect((await records('{"a":1}\n{"b":2')).at(-1)).toMatchObject({ ok: false, row: 2, cutOff: true });
    expect((await records('[{"a":1},{"b"')).at(-1)).toMatchObject({ ok: false, row: 2, cutOff: true });
    expect((await records('[{"a":1},')).at(-1)).toMatchObject({ ok: false, cutOff: true });
    expect((await records('[{"a":1}]')).every(({ ok }) => ok)).toBe(true);
  });
  test('any list of objects comes back, whatever the pieces it arrives in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 60 }),
        async (list, size) => {
          // -0 is 0 in JSON.
          const plain: unknown = JSON.parse(JSON.stringify(list));
          expect(await values(JSON.stringify(list), size)).toEqual(plain);
          expect(await values(JSON.stringify({ n: '[', facts: list }), size)).toEqual(plain);
        },
      ),
      { numRuns: 60 },
    );
  });
  test('no bytes at all make the reader stumble', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 50 }),
        async (bytes, size) => {
          for (const read of [records, rows])
            await read(Buffer.from(bytes), size).catch((error: unknown) => {
              expect(error).toBeInstanceOf(EvidenceRefused);
            });
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('caps', () => {
  async function* endless(piece: Buffer, times: number): AsyncGenerator<Buffer> {
    for (let at = 0; at < times; at++) yield piece;
  }
  const large = Buffer.alloc(1024 * 1024, 'x');
  test('a line without an end is refused with the cap', async () => {
    const { file } = await openEvidenceFile('x', () => endless(large, 3));
    await expect(all(file.lines())).rejects.toThrow(/longer than 1 MiB/);
  });
  test('a record without an end is refused with the cap', async () => {
    const { file } = await openEvidenceFile('x', () => endless(Buffer.from('{"a":"'.padEnd(1e6, 'y')), 8));
    await expect(all(file.records())).rejects.toThrow(/larger than 4 MiB/);
  });
  test('a file that is read whole may have 32 MiB', async () => {
    const { file } = await openEvidenceFile('x', () => endless(large, 40));
    await expect(file.text()).rejects.toThrow(/32 MiB/);
  });
  test('a gzip that ends too early is refused as that', async () => {
    const packed = gzipSync(Buffer.from('a\n'.repeat(50_000)));
    await expect(rows(packed.subarray(0, 60))).rejects.toThrow(/gzip/);
  });
});
