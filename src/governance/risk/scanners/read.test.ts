import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readScan } from './read.ts';

const read = (text: string) => readScan(Buffer.from(text), 'auto');

describe('a file', () => {
  test.each([
    ['<!DOCTYPE x [<!ENTITY a "b">]><NessusClientData_v2/>', /DOCTYPE/],
    ['<other/>', /\.nessus/],
    ['{"a":1}', /none of the scanners/],
    ['{"matches": [', /no JSON/],
    ['a,b\n1,2', /asset and cve/],
    ['', /asset and cve/],
  ])('%j is refused: %s', (text, why) => {
    expect(() => read(text)).toThrow(why);
  });

  test('with a BOM and formulas in cells is read as the text it is', () => {
    const { scan } = read('\uFEFFasset,cve,title\n=HYPERLINK("x"),CVE-2026-1,"=cmd|x"\n,CVE-2026-2,\n');
    expect(scan.findings).toEqual([expect.objectContaining({ host: '=HYPERLINK("x")', title: '=cmd|x' })]);
    expect(scan.skipped).toEqual([{ at: 'line 3', why: 'It names no asset.' }]);
  });

  test('of whatever JSON is refused as invalid or read, and never anything else', () => {
    const shapes = fc.oneof(
      fc.record({ matches: fc.jsonValue() }),
      fc.record({ results: fc.jsonValue() }),
      fc.record({ Results: fc.array(fc.record({ Vulnerabilities: fc.jsonValue() })) }),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(shapes, (value) => {
        try {
          expect(Array.isArray(read(JSON.stringify(value)).scan.findings)).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid' });
        }
      }),
    );
  });
});
