import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sharedData } from '../../../test/shared.ts';
import {
  type Catalog,
  checkDocument,
  type Checking,
  createReader,
  type Fault,
  findAmong,
  isGood,
  type NamedDocument,
  type OscalDocument,
  ssp,
} from '../src/index.ts';
import { build } from './build.ts';

const read = createReader();
const governance = sharedData('governance');

function documentOf(root: object): OscalDocument {
  const result = read(JSON.stringify(root));
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.document;
}
const check = (root: object, checking?: Checking): readonly Fault[] =>
  checkDocument(documentOf(root), checking);
const codes = (root: object, checking?: Checking) =>
  check(root, checking)
    .map(({ code, where }) => [code, where])
    .toSorted(([, a = ''], [, b = '']) => (a < b ? -1 : 1));
const catalog = (more: Partial<Catalog>) => ({ catalog: build.catalog(more) });

describe('a catalogue', () => {
  test('with an id or a uuid twice says where both are', () => {
    const twice = catalog({
      groups: [build.group('G', { id: 'g', controls: [build.control('c-1'), build.control('c-1')] })],
      controls: [
        build.control('c-2', {
          params: [{ id: 'p' }],
          controls: [build.control('g', { params: [{ id: 'p' }] })],
        }),
      ],
      'back-matter': { resources: [{ uuid: build.uuid(1) }] },
    });
    expect(codes(twice)).toEqual([
      ['duplicate-uuid', '/catalog/back-matter/resources/0/uuid'],
      ['duplicate-id', '/catalog/controls/0/controls/0/id'],
      ['duplicate-id', '/catalog/controls/0/controls/0/params/0/id'],
      ['duplicate-id', '/catalog/groups/0/controls/1/id'],
      ['duplicate-id', '/catalog/groups/0/controls/1/parts/0/id'],
    ]);
    expect(check(twice).find(({ where }) => where.endsWith('/controls/1/id'))?.what).toBe(
      '"c-1" is there already, at /catalog/groups/0/controls/0/id.',
    );
  });

  test('with links that lead nowhere', () => {
    const to = (uuid: string) =>
      build.control('c-1', {
        links: [{ href: `#${uuid}` }],
        parts: [{ name: 'statement', prose: `[x](#${uuid})` }],
      });
    const resources = [{ uuid: build.uuid(5) }];
    expect(codes(catalog({ controls: [to(build.uuid(5))], 'back-matter': { resources } }))).toEqual([]);
    expect(codes(catalog({ controls: [to(build.uuid(6))], 'back-matter': { resources } }))).toEqual([
      ['unresolved-link', '/catalog/controls/0/links/0/href'],
      ['unresolved-link', '/catalog/controls/0/parts/0/prose'],
    ]);
    expect(codes(catalog({ controls: [to(build.uuid(6))] })).map(([code]) => code)).toEqual([
      'missing-back-matter',
      'missing-back-matter',
    ]);
    expect(codes(catalog({ controls: [to('c-2')] }))).toEqual([
      ['unresolved-link', '/catalog/controls/0/links/0/href'],
    ]);
    expect(codes(catalog({ controls: [to('c-1')] }))).toEqual([]);
  });

  test('of a hundred thousand equal ids ends with a count', () => {
    const controls = Array.from({ length: 20_000 }, () => ({ id: 'c-1', title: 'C' }));
    const faults = check(catalog({ controls }), { maxFaults: 100 });
    expect(faults).toHaveLength(101);
    expect(faults.at(-1)?.what).toBe('19899 more faults are not listed.');
  });
});

const head = {
  namespace: 'https://example.org/',
  key: 'odce',
  title: 'Plan',
  version: '1',
  lastModified: new Date('2026-01-31T00:00:00Z'),
};
const system = {
  id: 'odce',
  name: 'ODCE',
  description: '',
  status: 'operational' as const,
  boundary: '',
  information: [],
};
const plan = (...controls: string[]) => ({
  'system-security-plan': ssp({
    head,
    profile: 'profile.json',
    system,
    description: '',
    controls: controls.map((control) => ({ control, status: 'Effective' as const, narrative: '' })),
  }),
});
const profileOf = (...ids: string[]) => ({
  profile: {
    uuid: build.uuid(30),
    metadata: build.metadata('Profile'),
    imports: [{ href: 'catalog.json', 'include-controls': [{ 'with-ids': ids }] }],
  },
});
const files = (...roots: [string, object][]): NamedDocument[] =>
  roots.map(([name, root]) => ({ name, document: documentOf(root) }));

describe('a system security plan', () => {
  const find = findAmong(
    files(
      ['profile.json', profileOf('c-1')],
      ['catalog.json', catalog({ controls: [build.control('c-1'), build.control('c-2')] })],
    ),
  );

  test('may only answer controls of the resolved profile, where it is at hand', () => {
    expect(check(plan('c-1'), { find })).toEqual([]);
    expect(check(plan('c-1', 'c-2'), { find })).toMatchObject([
      {
        code: 'unknown-control',
        where: '/system-security-plan/control-implementation/implemented-requirements/1/control-id',
      },
    ]);
    expect(check(plan('c-2'))).toEqual([]);
    expect(codes(plan('c-2'), { complete: true })).toEqual([
      ['unresolved-import', '/system-security-plan/import-profile/href'],
    ]);
  });

  test('answers for components it has', () => {
    const text = JSON.stringify(plan('c-1'));
    const component = /"component-uuid":"([^"]+)"/.exec(text)?.[1] ?? '';
    const broken: object = JSON.parse(
      text.replace(`"component-uuid":"${component}"`, `"component-uuid":"${build.uuid(77)}"`),
    );
    expect(codes(broken)).toEqual([
      [
        'unresolved-reference',
        '/system-security-plan/control-implementation/implemented-requirements/0/by-components/0/component-uuid',
      ],
    ]);
  });
});

test('a statement that is answered or found about is one of the controls it is written against', () => {
  const part = { id: 'c-1_smt', name: 'statement', prose: 'Do.', parts: [{ id: 'c-1_smt.a', name: 'item' }] };
  const find = findAmong(
    files(
      ['profile.json', profileOf('c-1')],
      ['catalog.json', catalog({ controls: [build.control('c-1', { parts: [part] })] })],
    ),
  );
  const answered = (id: string): object => {
    const text = JSON.stringify(plan('c-1'));
    const statements = JSON.stringify([{ 'statement-id': id, uuid: build.uuid(60) }]);
    return JSON.parse(text.replace('"control-id":"c-1"', `"control-id":"c-1","statements":${statements}`));
  };
  expect(check(answered('c-1_smt.a'), { find })).toEqual([]);
  expect(check(answered('c-1_smt.b'))).toEqual([]);
  expect(check(answered('c-1_smt.b'), { find })).toMatchObject([
    {
      code: 'unresolved-reference',
      where:
        '/system-security-plan/control-implementation/implemented-requirements/0/statements/0/statement-id',
    },
  ]);
});

describe('a profile', () => {
  test('is told of an id its catalogue does not have, and of imports in a circle', () => {
    const [file] = files(['profile.json', profileOf('c-1', 'c-9')]);
    const find = findAmong(files(['catalog.json', catalog({ controls: [build.control('c-1')] })]));
    expect(check(profileOf('c-1', 'c-9'), { find })).toMatchObject([
      { code: 'unknown-control', where: '/profile/imports/0/include-controls/0/with-ids/1' },
    ]);
    if (file === undefined) throw new Error('no file');
    const circle = findAmong([{ name: 'catalog.json', document: file.document }]);
    expect(checkDocument(file.document, { find: circle, name: 'profile.json' })).toMatchObject([
      { code: 'circular-import' },
    ]);
  });

  test('that points to back matter it does not have is told once', () => {
    const imports = [{ href: `#${build.uuid(9)}`, 'include-all': {} }];
    const profile = { uuid: build.uuid(30), metadata: build.metadata('P'), imports };
    expect(codes({ profile })).toEqual([['missing-back-matter', '/profile/imports/0/href']]);
    expect(
      codes({ profile: { ...profile, 'back-matter': { resources: [{ uuid: build.uuid(9) }] } } }),
    ).toEqual([['unresolved-import', '/profile/imports/0/href']]);
  });
});

test('two component definitions that import each other are in a circle', () => {
  const definition = (at: number, href: string) => ({
    'component-definition': {
      uuid: build.uuid(at),
      metadata: build.metadata('D'),
      'import-component-definitions': [{ href }],
    },
  });
  const [a, b] = files(['a.json', definition(1, 'b.json')], ['b.json', definition(2, 'a.json')]);
  if (a === undefined || b === undefined) throw new Error('no files');
  expect(checkDocument(a.document, { name: 'a.json', find: findAmong([a, b]) })).toMatchObject([
    { code: 'circular-import', what: 'The imports go in a circle: a.json -> b.json -> a.json.' },
  ]);
});

describe.skipIf(governance === undefined)('the files of ASD and NIST', () => {
  const load = (folder: string): NamedDocument[] =>
    readdirSync(`${governance}/${folder}`).map((name) => {
      const result = read(readFileSync(`${governance}/${folder}/${name}`));
      if (!result.ok) throw new Error(`${name}: ${JSON.stringify(result.faults)}`);
      return { name, document: result.document };
    });

  test.each(['ism/v2025.10.8', 'ism/v2025.12.9'])('%s has no fault, with all files at hand', (folder) => {
    const documents = load(folder);
    const find = findAmong(documents);
    for (const { name, document } of documents)
      expect([name, checkDocument(document, { name, find, complete: true })]).toEqual([name, []]);
  });

  test('one of NIST’s examples has a uuid twice; the others have no fault, and warnings at most', () => {
    const bad = load('oscal/samples').filter(({ document }) => !isGood(checkDocument(document)));
    expect(
      bad.map(({ name, document }) => [
        name,
        checkDocument(document).filter(({ warning }) => !warning).length,
      ]),
    ).toEqual([['example-component-definition.json', 1]]);
  });
});
