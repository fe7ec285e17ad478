import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { sharedData } from '../shared.ts';
import { readFile } from '../../src/assets/readers/read.ts';

const folder = sharedData('vulnerability');
const unpacked = (name: string): string => gunzipSync(readFileSync(`${folder}/${name}`)).toString();
const lines = <T>(name: string): T[] =>
  unpacked(name)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
const read = (text: string, format: Parameters<typeof readFile>[1], host = 'host1') =>
  readFile(Buffer.from(text), format, { fileName: '', host });

describe.skipIf(folder === undefined)('outside truth', () => {
  test('a Debian host’s dpkg status gives exactly its binary packages', async () => {
    const inventory = lines<{ binaries: [string, string, string][] }>('debian12-host-inventory.jsonl.gz');
    const wanted = new Set(
      inventory.flatMap(({ binaries }) =>
        binaries.map(([name, version, arch]) => `${name} ${version} ${arch}`),
      ),
    );
    const { rows, refused } = await read(unpacked('debian12-dpkg-status.gz'), 'auto');
    const found = (rows[0]?.software ?? []).map(
      ({ name, version, architecture }) => `${name} ${version} ${architecture}`,
    );
    expect(refused).toEqual([]);
    expect(found.filter((one) => !wanted.has(one))).toEqual([]);
    expect(new Set(found).size).toBe(wanted.size);
  });

  test('its sources and their versions are those of the inventory', async () => {
    const inventory = lines<{ source: string; version: string; binaries: [string, string, string][] }>(
      'debian12-host-inventory.jsonl.gz',
    );
    const wanted = new Map(
      inventory.flatMap(({ source, version, binaries }) =>
        binaries.map(([name]) => [name, `${source} ${version}`]),
      ),
    );
    const { rows } = await read(unpacked('debian12-dpkg-status.gz'), 'dpkg');
    const other = (rows[0]?.software ?? []).filter(({ name, origin }) => wanted.get(name) !== origin);
    // A binary of its own rebuild (+b1) has a version that its source has not, and the status does not say so.
    expect(other.filter(({ version }) => !/\+b\d+$/.test(version)).map(({ name }) => name)).toEqual([]);
  });

  type Listed = { Name: string; Version: string; Release?: string; Epoch?: number; Arch?: string };
  test('packages of real images, written as rpm -qa and dpkg-query write them, are read back', async () => {
    const images = JSON.parse(unpacked('os-package-lists.json.gz')) as Record<string, Listed[]>;
    for (const [image, packages] of Object.entries(images)) {
      const isRpm = packages.some(({ Release }) => Release !== undefined && Release !== '');
      const isDeb = /debian|ubuntu|distroless/.test(image);
      if (!isRpm && !isDeb) continue;
      const own = packages.filter(({ Name }) => Name !== 'gpg-pubkey');
      const text = own
        .map(({ Name, Version, Release, Arch }) =>
          isRpm ? `${Name}-${Version}-${Release}.${Arch}` : `${Name}\t${Version}\t${Arch ?? ''}`,
        )
        .join('\n');
      const { rows, refused } = await read(text, isRpm ? 'rpm' : 'dpkg');
      expect([image, refused]).toEqual([image, []]);
      expect(rows[0]?.software?.map(({ name, version }) => `${name} ${version}`)).toEqual(
        own.map(({ Name, Version, Release }) => `${Name} ${Version}${isRpm ? `-${Release}` : ''}`),
      );
    }
  });

  test('every valid CycloneDX document is taken; of the invalid ones those whose fault touches what we read are refused', async () => {
    const documents = lines<{ file: string; valid: boolean; doc: string }>('cyclonedx-conformance.jsonl.gz');
    const taken = async (doc: string): Promise<string> => {
      try {
        const { refused } = await read(doc, 'cyclonedx');
        return refused.length === 0 ? 'taken' : 'rows refused';
      } catch (error) {
        return error instanceof Error ? error.message : 'unknown';
      }
    };
    const outcome = new Map<string, string>();
    for (const { file, valid, doc } of documents)
      outcome.set(`${valid ? 'valid' : 'invalid'} ${file}`, await taken(doc));
    expect([...outcome].filter(([name, what]) => name.startsWith('valid') && what !== 'taken')).toEqual([]);
    const refused = [...outcome]
      .filter(([name, what]) => name.startsWith('invalid') && what !== 'taken')
      .map(([name]) => name.slice(8).replace(/-1\.\d\.json$/, ''));
    expect([...new Set(refused)].sort()).toEqual([
      'invalid-bomformat',
      'invalid-component-ref',
      'invalid-component-type',
      'invalid-empty-component',
      'invalid-metadata-timestamp',
      'invalid-missing-component-type',
    ]);
  });

  test('SBOMs as found: CycloneDX is taken with every component, everything else is refused by its name', async () => {
    const found = [
      ...lines<{ src: string; text: string }>('sboms.jsonl.gz'),
      ...lines<{ src: string; text: string }>('sboms-in-the-wild.jsonl.gz'),
    ];
    let components = 0;
    for (const { src, text } of found) {
      const isXml = text.startsWith('<');
      const bom: unknown = isXml ? undefined : JSON.parse(text);
      const isCycloneDx = isXml || (typeof bom === 'object' && bom !== null && 'bomFormat' in bom);
      const outcome = await read(text, 'cyclonedx').catch((error: unknown) => String(error));
      if (!isCycloneDx) {
        expect([src, outcome]).toEqual([src, expect.stringMatching(/SPDX|envelope|no CycloneDX/)]);
        continue;
      }
      if (typeof outcome === 'string') throw new Error(`${src}: ${outcome}`);
      const all = (outcome.rows[0]?.software?.length ?? 0) + outcome.refused.length;
      const count = isXml
        ? [...text.matchAll(/<component[\s>]/g)].length -
          (/<metadata>[\s\S]*?<component[\s>][\s\S]*?<\/metadata>/.test(text) ? 1 : 0)
        : countOf(bom);
      expect([src, all]).toEqual([src, count]);
      components += all;
    }
    expect(components).toBeGreaterThan(5000);
  });
});

function countOf(node: unknown): number {
  if (typeof node !== 'object' || node === null || !('components' in node) || !Array.isArray(node.components))
    return 0;
  return node.components.reduce((sum: number, one: unknown) => sum + 1 + countOf(one), 0);
}
