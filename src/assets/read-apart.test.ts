import { describe, expect, test } from 'vitest';
import { readApart } from './read-apart.ts';

/** Each in a thread of its own, as it runs. */
const read = (
  bytes: Uint8Array | string,
  format: Parameters<typeof readApart>[0]['format'] = 'auto',
  limits?: Parameters<typeof readApart>[1],
) =>
  readApart(
    {
      bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes,
      format,
      source: undefined,
      host: undefined,
      fileName: 'given',
    },
    limits,
  );

describe('a file in the thread that reads it', () => {
  test('twelve thousand rows with a mark, of two encodings, with formulas, are read row by row', async () => {
    const rows = Array.from({ length: 12_000 }, (_, at) => `host,h${at},h${at}.acme.example,=1+${at}\r\n`);
    const file = Buffer.concat([
      Buffer.from('\uFEFFkind,name,hostname,owner\r\n'),
      Buffer.from(rows.join('')),
      Buffer.from('site,Caf\xe9,,Zo\xeb\r\n', 'latin1'),
      Buffer.from('spaceship,Enterprise,,\r\n'),
    ]);
    const found = await read(file);
    expect(found).toMatchObject({ format: 'csv', rows: { length: 12_001 }, refused: [{ line: 12_003 }] });
    expect(found.rows[0]?.fields.owner).toBe('=1+0');
    expect(found.rows.at(-1)).toMatchObject({ name: 'Café', line: 12_002 });
    expect(found.remarks.join(' ')).toMatch(/no UTF-8/);
  });

  test('half a line of osquery is refused alone', async () => {
    const line = JSON.stringify({
      name: 'system_info',
      hostIdentifier: 'h1',
      unixTime: 1_790_000_000,
      action: 'snapshot',
      snapshot: [{ hostname: 'h1', uuid: '4c4c4544-0000-1000-8000-000000000001' }],
    });
    const found = await read(`${line}\n${line.replaceAll('h1', 'h2').slice(0, 60)}`, 'osquery');
    expect(found.rows).toHaveLength(1);
    expect(found.refused).toMatchObject([{ line: 2 }]);
  });

  test('one row more than is taken refuses the file', async () => {
    const many = `kind,name\n${Array.from({ length: 100_001 }, (_, at) => `site,s${at}`).join('\n')}\n`;
    await expect(read(many, 'csv')).rejects.toMatchObject({ code: 'import-refused' });
  });

  test('a file that takes too long, or too much memory, ends with its thread and nothing else', async () => {
    const many = `kind,name\n${Array.from({ length: 90_000 }, (_, at) => `site,s${at}`).join('\n')}\n`;
    await expect(read(many, 'csv', { memoryMiB: 1536, seconds: 0.001 })).rejects.toThrow(/took more than/);
    await expect(read(many, 'csv', { memoryMiB: 24, seconds: 120 })).rejects.toThrow(/memory/);
    expect((await read('kind,name\nsite,Canberra\n')).rows).toHaveLength(1);
  });
});
