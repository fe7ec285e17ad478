import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readScan } from '../../src/governance/risk/scanners/read.ts';
import { sharedData } from '../shared.ts';

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
