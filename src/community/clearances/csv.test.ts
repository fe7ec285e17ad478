import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvCaps, readCsv } from './csv.ts';
import { headerOf, readRow } from './import-row.ts';

const read = (text: string | Uint8Array) => readCsv(typeof text === 'string' ? Buffer.from(text) : text);
const cells = (text: string) => {
  const csv = read(text);
  return csv.ok ? csv.rows.map((row) => row.cells) : csv.why;
};

describe('a table', () => {
  test('may begin with a byte order mark and mix its line ends', () => {
    expect(cells('\uFEFFa,b\r\n1,2\n3,4\r5,6')).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
  });

  test('may quote commas, quotes and line ends, and tells the line a row starts at', () => {
    const csv = read('a,b\n"x, ""y""\r\nz",2\n3,4');
    expect(csv).toEqual({
      ok: true,
      rows: [
        { line: 1, cells: ['a', 'b'] },
        { line: 2, cells: ['x, "y"\r\nz', '2'] },
        { line: 4, cells: ['3', '4'] },
      ],
    });
  });

  test('loses empty rows and the spaces around cells', () => {
    expect(cells(' a , b \n\n,,\n  \n 1 ,\t2 ')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  test.each([
    ['a quote that never closes', 'a,b\n"x,1\n2,3', /never closed/],
    ['too long a cell', `a\n${'x'.repeat(csvCaps.cell + 1)}`, /longer than/],
    ['too many columns', ','.repeat(csvCaps.columns + 1), /columns/],
    ['too many rows', 'a\n'.repeat(csvCaps.rows + 2), /rows/],
    ['a null character', 'a\n\0', /UTF-8/],
  ])('is refused for %s', (_what, text, why) => {
    expect(cells(text)).toMatch(why);
  });

  test('is refused when it is too large, or no UTF-8', () => {
    expect(read(Buffer.alloc(csvCaps.bytes + 1, 0x61))).toMatchObject({ ok: false });
    expect(read(Buffer.from('\uFEFFa,b\n1,2', 'utf16le'))).toMatchObject({ ok: false });
    expect(read(Buffer.from([0x61, 0xff, 0xfe]))).toMatchObject({ ok: false });
  });

  test('that we write is read back as it was', () => {
    const cell = fc.string({ maxLength: 30 }).map((text) => text.replaceAll('\0', '').trim());
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 8 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        (rows, end) => {
          const expected = rows.filter((row) => row.some((text) => text !== ''));
          expect(cells(rows.map((row) => row.map(quoted).join(',')).join(end))).toEqual(expected);
        },
      ),
    );
  });

  test('is read or refused, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const csv = readCsv(bytes);
        if (csv.ok) for (const row of csv.rows) expect(row.cells.length).toBeGreaterThan(0);
        else expect(csv.why).not.toBe('');
      }),
    );
  });
});

describe('a row of a clearance', () => {
  const names = 'E-mail,Clearance Level,Status,Sponsor,Sponsor active,Granted,Revalidation due,Citizenship';
  const row = (line: string, head = names) => {
    const csv = read(`${head}\n${line}`);
    if (!csv.ok) throw new Error(csv.why);
    const [first, second] = csv.rows;
    if (first === undefined || second === undefined) throw new Error('two rows');
    const header = headerOf(first);
    if ('why' in header) throw new Error(header.why);
    return readRow(header, second, '2026-05-04');
  };
  const good = 'Jo@Acme.example,NV1,,Wattle,Yes,1/2/2020,2030-02-01,au/nz';

  test('is read as people write it', () => {
    expect(row(good)).toEqual({
      ok: true,
      row: {
        email: 'jo@acme.example',
        organisation: undefined,
        confirmed: undefined,
        input: {
          level: 'nv1',
          status: 'active',
          sponsor: 'Wattle',
          sponsorActive: true,
          grantedOn: '2020-02-01',
          revalidationDueOn: '2030-02-01',
          citizenships: ['AU', 'NZ'],
          waiver: null,
          waiverUntil: null,
        },
      },
    });
  });

  test.each([
    ['no address', good.replace('Jo@Acme.example', 'Jo'), /email/],
    ['an unknown level', good.replace('NV1', 'TOP SECRET'), /level: "TOP SECRET"/],
    ['the name of something every object has', good.replace('NV1', 'constructor'), /level/],
    ['an unknown status', good.replace('NV1,,', 'NV1,fine,'), /status/],
    ['a day there is not', good.replace('1/2/2020', '31/2/2020'), /grantedOn/],
    ['a month there is not', good.replace('1/2/2020', '2020-13-01'), /grantedOn/],
    ['no citizenship', good.replace('au/nz', ''), /citizenships/],
    ['a citizenship in words', good.replace('au/nz', 'Australian'), /citizenships/],
    ['no answer on the sponsor', good.replace('Yes', 'maybe'), /sponsorActive/],
    [
      'a formula',
      good.replace('Wattle', '=HYPERLINK(""http://x"")').replace('=H', '"=H').replace(')', ')"'),
      /formula/,
    ],
    ['a formula with @', good.replace('Wattle', '@SUM(1)'), /formula/],
    ['a formula with -', good.replace('Wattle', '-2+3'), /formula/],
  ])('with %s is refused, and says so', (_what, line, why) => {
    const found = row(line);
    expect(found.ok).toBe(false);
    expect(found.ok ? '' : found.why.join(' ')).toMatch(why);
  });

  test('names all its faults at once', () => {
    const found = row('x,y,z,,maybe,never,,Q');
    expect(found.ok ? 0 : found.why.length).toBeGreaterThanOrEqual(6);
  });

  test('takes a confirmation with evidence, of a day that has been', () => {
    const head = `${names},Confirmed,Evidence`;
    expect(row(`${good},2026-05-01,call 7`, head)).toMatchObject({
      ok: true,
      row: { confirmed: { on: '2026-05-01', evidence: 'call 7' } },
    });
    expect(row(`${good},2026-05-01,`, head).ok).toBe(false);
    expect(row(`${good},2026-05-05,call 7`, head).ok).toBe(false);
  });

  test('needs a first row that names the columns, each once', () => {
    expect(() => row(good, 'email,level')).toThrow(/sponsor/);
    expect(() => row(`${good},x`, `${names},E-mail address`)).toThrow(/twice/);
  });
});
