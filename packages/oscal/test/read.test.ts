import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sharedData } from '../../../test/shared.ts';
import { createReader, defaultLimits, type Fault } from '../src/index.ts';
import { build } from './build.ts';

const read = createReader();
const governance = sharedData('governance');
const text = (catalog: unknown): string => JSON.stringify({ catalog });
const faultsOf = (source: Uint8Array | string, reader = read): readonly Fault[] => {
  const result = reader(source);
  return result.ok ? [] : result.faults;
};
const codes = (source: Uint8Array | string, reader = read): readonly string[] =>
  faultsOf(source, reader).map((fault) => fault.code);
const good = build.catalog({ controls: [build.control('a-1')] });
const versioned = (version: string) =>
  text({ ...good, metadata: { ...good.metadata, 'oscal-version': version } });

describe('a document', () => {
  test('is read with its model and version, with or without a byte order mark', () => {
    const document = { model: 'catalog', version: '1.1.2', value: good };
    expect(read(text(good))).toEqual({ ok: true, document });
    expect(read(Buffer.from(`\uFEFF${text(good)}`))).toEqual({ ok: true, document });
  });

  test('of OSCAL 1.0 to 1.2 is read, another version is refused by name', () => {
    for (const version of ['1.0.0', '1.0.6', '1.1.3', '1.2.0', '1.2.2'])
      expect(codes(versioned(version))).toEqual([]);
    for (const version of ['1.3.0', '2.0.0', '1.0.0-rc2', '0.9', 'latest']) {
      const [fault] = faultsOf(versioned(version));
      expect(fault).toMatchObject({ code: 'unknown-version', where: '/catalog/metadata/oscal-version' });
      expect(fault?.what).toContain(version);
    }
  });

  test('a mapping collection came with 1.2', () => {
    const metadata = { ...build.metadata('Mapping'), 'oscal-version': '1.1.2' };
    const [fault] = faultsOf(JSON.stringify({ 'mapping-collection': { metadata } }));
    expect(fault).toMatchObject({
      code: 'unknown-version',
      what: 'OSCAL 1.1.2 has no mapping-collection; it came with 1.2.',
    });
  });

  test.each([
    ['<?xml version="1.0"?><catalog/>', 'xml', /JSON file/],
    ['catalog:\n  uuid: x', 'yaml', /JSON file/],
    ['{"catalog": {', 'not-json', /whole/],
    ['', 'not-json', /whole/],
    ['{"catalogue": {}}', 'no-model', /"catalog"/],
    ['[]', 'no-model', /catalog, profile/],
    ['{"catalog": {}, "profile": {}}', 'no-model', /one document/],
    ['{"catalog": {}}', 'unknown-version', /oscal-version/],
    ['{"catalog": {"uuid": "a", "metadata": {}, "uu\\u0069d": "b"}}', 'duplicate-name', /Keep one/],
  ])('%s is refused as %s, with what would help', (source, code, help) => {
    const [fault] = faultsOf(source);
    expect(fault?.code).toBe(code);
    expect(fault?.help).toMatch(help);
  });

  test('in another encoding is refused', () => {
    expect(faultsOf(Buffer.from(`\uFEFF${text(good)}`, 'utf16le'))[0]?.what).toContain('UTF-16');
    expect(codes(new Uint8Array([0x7b, 0xc3, 0x28]))).toEqual(['not-text']);
  });
});

describe('a fault of the schema says where, what and what would help', () => {
  const at = (value: unknown) => faultsOf(text(value));
  test('a name that is missing or misspelt', () => {
    const { title: _, ...metadata } = good.metadata;
    expect(at({ ...good, metadata: { ...metadata, titel: 'x' } })).toEqual([
      {
        code: 'schema',
        where: '/catalog/metadata',
        what: '"title" is missing.',
        help: 'Add it: OSCAL requires it here.',
      },
      {
        code: 'schema',
        where: '/catalog/metadata',
        what: '"titel" is not known here.',
        help: 'Write "title" if that is meant, or remove it.',
      },
    ]);
  });

  test('a date without a zone', () => {
    expect(
      at({ ...good, metadata: { ...good.metadata, 'last-modified': '2026-01-01T09:00:00' } }),
    ).toMatchObject([
      {
        code: 'no-time-zone',
        where: '/catalog/metadata/last-modified',
        help: 'Add "Z" for UTC, or an offset such as "+10:00".',
      },
    ]);
  });

  test('a uuid, a token, an empty list, a wrong type', () => {
    const wrong = { ...good, uuid: 'x', controls: [{ ...build.control('1 a'), params: [], title: 5 }] };
    expect(
      at(wrong)
        .map(({ where, what }) => `${where} ${what}`)
        .toSorted(),
    ).toEqual([
      '/catalog/controls/0/id "1 a" is not a token.',
      '/catalog/controls/0/params The list is empty.',
      '/catalog/controls/0/parts/0/id "1 a_smt" is not a token.',
      '/catalog/controls/0/title Here stands a number, where string is due.',
      '/catalog/uuid "x" is not a UUID (version 4 or 5).',
    ]);
  });

  test('faults are counted, not listed without end', () => {
    const controls = Array.from({ length: 50 }, (_, at) => ({ ...build.control(`c-${at}`), extra: 1 }));
    const faults = faultsOf(text({ ...good, controls }), createReader({ maxFaults: 10 }));
    expect(faults).toHaveLength(11);
    expect(faults.at(-1)).toMatchObject({ code: 'more-faults', what: '40 more faults are not listed.' });
  });
});

describe('what would cost too much is refused before it is built', () => {
  test('10,000 levels of groups, and a million of brackets', () => {
    const deep = `{"catalog":{"groups":[${'{"groups":['.repeat(10_000)}${']}'.repeat(10_000)}]}}`;
    expect(codes(deep)).toEqual(['too-deep']);
    expect(codes('['.repeat(1_000_000))).toEqual(['too-deep']);
  });

  test('a file over the limit', () => {
    expect(codes(' '.repeat(2000), createReader({ maxBytes: 1000 }))).toEqual(['too-large']);
    expect(defaultLimits.maxBytes).toBe(64 * 1024 * 1024);
  });

  test('more values than the limit', () => {
    expect(codes(`[${'1,'.repeat(2000)}1]`, createReader({ maxValues: 1000 }))).toEqual(['too-many']);
  });

  test('long values that make patterns slow elsewhere end as faults', () => {
    const email = `${'@'.repeat(100_000)}\n`;
    const party = { uuid: build.uuid(2), type: 'person', 'email-addresses': [email] };
    const long = 'a'.repeat(5_000_000);
    const metadata = {
      ...good.metadata,
      parties: [party],
      version: `${long} `,
      links: [{ href: `https://x/${'%'.repeat(100_000)}` }],
    };
    const faults = faultsOf(text({ ...good, metadata, controls: [build.control(long)] }));
    expect(faults.map((fault) => fault.where)).toEqual(
      expect.arrayContaining([
        '/catalog/metadata/version',
        '/catalog/metadata/links/0/href',
        '/catalog/metadata/parties/0/email-addresses/0',
        '/catalog/controls/0/id',
      ]),
    );
  });
});

test.skipIf(governance === undefined)(
  'every file of ASD and NIST is read, and is the same after a round trip',
  () => {
    const folders = ['ism/v2025.10.8', 'ism/v2025.12.9', 'oscal/samples'].map(
      (name) => `${governance}/${name}`,
    );
    const files = folders.flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));
    expect(files.length).toBeGreaterThanOrEqual(22);
    for (const file of files) {
      const result = read(readFileSync(file));
      if (!result.ok) throw new Error(`${file}: ${JSON.stringify(result.faults)}`);
      const { model, value } = result.document;
      expect(read(JSON.stringify({ [model]: value }))).toEqual(result);
    }
  },
);
