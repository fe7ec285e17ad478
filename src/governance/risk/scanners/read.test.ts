import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sharedData } from '../../../../test/shared.ts';
import { readScan } from './read.ts';

const file = `${sharedData('vulnerability') ?? ''}/scanner-outputs.jsonl.gz`;
type Sample = { tool: string; file: string; text: string; findings?: number };
const samples = (): Sample[] =>
  gunzipSync(readFileSync(file))
    .toString()
    .trim()
    .split('\n')
    .map((line): Sample => JSON.parse(line));
const read = (text: string) => readScan(Buffer.from(text), 'auto');

describe.skipIf(!existsSync(file))('real outputs of scanners', () => {
  test('of Grype and OSV-Scanner give as many findings as a mature importer makes of them', () => {
    const told = samples().filter(
      ({ tool, findings }) => ['anchore_grype', 'osv_scanner'].includes(tool) && findings !== undefined,
    );
    expect(told.length).toBeGreaterThanOrEqual(7);
    for (const one of told) {
      // The same of the same package twice is one, there and here (once it is on an asset).
      const found = read(one.text).scan.findings.map(
        ({ vulnerability, package: of }) => `${vulnerability} ${of}`,
      );
      expect(new Set(found).size, one.file).toBe(one.findings);
    }
  });

  test('of Trivy give every vulnerability they hold, wherever it stands', () => {
    const all = samples().filter(({ tool }) => tool === 'trivy');
    expect(all.length).toBeGreaterThan(8);
    for (const { text, file: name } of all) {
      const held = text.match(/"VulnerabilityID"/g)?.length ?? 0;
      expect(read(text).scan.findings, name).toHaveLength(held);
    }
  });

  test('of Nessus give every CVE of every host that is more than information', () => {
    const all = samples().filter(({ tool }) => tool === 'tenable');
    expect(all.length).toBeGreaterThan(4);
    for (const { text, file: name } of all) {
      const { format, scan } = read(text);
      expect(format, name).toBe(name.endsWith('.csv') ? 'nessus-csv' : 'nessus');
      expect(
        scan.findings.every(({ host, vulnerability }) => host !== undefined && vulnerability !== ''),
        name,
      ).toBe(true);
    }
    const many = all.find(({ file: name }) => name === 'nessus_many_vuln.xml');
    const cves = new Set(many?.text.match(/(?<=<cve>)CVE-[\d-]+/g));
    const found = new Set(read(many?.text ?? '').scan.findings.map(({ vulnerability }) => vulnerability));
    for (const cve of cves) expect(found.has(cve), cve).toBe(true);
  });
});

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
