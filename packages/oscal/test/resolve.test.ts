import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type Catalog,
  type Control,
  createReader,
  findAmong,
  type NamedDocument,
  type Profile,
  type Resolved,
  resolveProfile,
} from '../src/index.ts';
import { build } from './build.ts';
import { ism, ismCatalog, ismProfile } from './ism.ts';

const now = new Date('2026-01-31T00:00:00Z');
const read = createReader();

const named = (name: string, catalog: Catalog): NamedDocument => ({
  name,
  document: { model: 'catalog', version: '1.1.2', value: catalog },
});
const namedProfile = (name: string, profile: Profile): NamedDocument => ({
  name,
  document: { model: 'profile', version: '1.1.2', value: profile },
});

const profile = (more: Partial<Profile>, at = 50): Profile => ({
  uuid: build.uuid(at),
  metadata: build.metadata('A profile'),
  imports: [{ href: 'catalog.json', 'include-all': {} }],
  ...more,
});

function resolve(asked: Profile, ...files: NamedDocument[]): Resolved {
  return resolveProfile('profile.json', asked, { find: findAmong(files), read, uuid: build.uuid(99), now });
}

/** The catalogue a profile resolves to; it must be valid OSCAL. */
function catalogOf(asked: Profile, ...files: NamedDocument[]): Catalog {
  const resolved = resolve(asked, ...files);
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.faults));
  const reread = read(JSON.stringify({ catalog: resolved.catalog }));
  expect(reread.ok ? [] : reread.faults).toEqual([]);
  return resolved.catalog;
}

function faultOf(asked: Profile, ...files: NamedDocument[]) {
  const resolved = resolve(asked, ...files);
  return resolved.ok ? undefined : resolved.faults[0];
}

/** Controls and groups as an outline: groups by title, controls by id. */
type Tree = { groups?: Catalog['groups']; controls?: readonly Control[] };
const outline = (tree: Tree): unknown[] => [
  ...(tree.controls ?? []).map((control) =>
    control.controls === undefined ? control.id : [control.id, ...outline(control)],
  ),
  ...(tree.groups ?? []).map((group) => ({ [group.title]: outline(group) })),
];

const small = build.catalog({
  groups: [
    build.group('A', {
      id: 'a',
      params: [{ id: 'a_prm', label: 'of A' }],
      controls: [
        build.control('a-1', {
          params: [{ id: 'a-1_prm_1', label: 'how often' }],
          parts: [{ id: 'a-1_smt', name: 'statement', prose: 'Do {{ insert: param, a-1_prm_1 }}.' }],
          controls: [
            build.control('a-1.1'),
            build.control('a-1.2', { controls: [build.control('a-1.2.1')] }),
          ],
        }),
        build.control('a-2'),
      ],
    }),
    build.group('B', { groups: [build.group('B of B', { controls: [build.control('b-1')] })] }),
    build.group('Empty', { parts: [{ name: 'overview', prose: 'Nothing.' }] }),
  ],
  controls: [build.control('z-1')],
});
const catalog = named('catalog.json', small);
const select = (with_: object, merge?: Profile['merge']) =>
  outline(
    catalogOf(profile({ imports: [{ href: 'catalog.json', ...with_ }], ...(merge && { merge }) }), catalog),
  );
const asIs = { 'as-is': true };

describe('an import', () => {
  test('brings everything, what is named, or what a pattern matches', () => {
    expect(select({ 'include-all': {} }, asIs)).toEqual([
      'z-1',
      { A: [['a-1', 'a-1.1', ['a-1.2', 'a-1.2.1']], 'a-2'] },
      { B: [{ 'B of B': ['b-1'] }] },
    ]);
    expect(select({ 'include-controls': [{ 'with-ids': ['a-2', 'b-1'] }] }, asIs)).toEqual([
      { A: ['a-2'] },
      { B: [{ 'B of B': ['b-1'] }] },
    ]);
    expect(select({ 'include-controls': [{ matching: [{ pattern: '?-1' }] }] }, asIs)).toEqual([
      'z-1',
      { A: ['a-1'] },
      { B: [{ 'B of B': ['b-1'] }] },
    ]);
    expect(select({ 'include-controls': [{ matching: [{}, { pattern: 'a*.1' }] }] })).toEqual([
      'a-1.1',
      'a-1.2.1',
    ]);
  });

  test('brings children only when asked, and lifts one whose parent is not selected', () => {
    const withIds = { 'with-ids': ['a-1'] };
    expect(select({ 'include-controls': [withIds] })).toEqual(['a-1']);
    const withChildren = { 'include-controls': [{ ...withIds, 'with-child-controls': 'yes' }] };
    expect(select(withChildren, asIs)).toEqual([{ A: [['a-1', 'a-1.1', ['a-1.2', 'a-1.2.1']]] }]);
    expect(select(withChildren)).toEqual(['a-1', 'a-1.1', 'a-1.2', 'a-1.2.1']);
    expect(select({ 'include-controls': [{ 'with-ids': ['a-1', 'a-1.2.1'] }] }, asIs)).toEqual([
      { A: [['a-1', 'a-1.2.1']] },
    ]);
    expect(select({ 'include-controls': [{ 'with-ids': ['a-1.2.1'] }] }, asIs)).toEqual([{ A: ['a-1.2.1'] }]);
  });

  test('leaves out what is excluded, however it was included', () => {
    expect(
      select({
        'include-all': {},
        'exclude-controls': [
          { 'with-ids': ['a-1'], 'with-child-controls': 'yes' },
          { matching: [{ pattern: 'z*' }] },
        ],
      }),
    ).toEqual(['a-2', 'b-1']);
  });

  test('that is not at hand, or of no catalogue, is refused and never fetched', () => {
    const remote = profile({ imports: [{ href: 'https://example.org/other.json', 'include-all': {} }] });
    expect(faultOf(remote)).toEqual({
      code: 'unresolved-import',
      where: '/profile/imports/0/href',
      what: '"https://example.org/other.json" is not at hand ("https://example.org/other.json").',
      help: 'Give its file: nothing is fetched.',
    });
    const pointing = profile({ imports: [{ href: `#${build.uuid(7)}`, 'include-all': {} }] });
    expect(faultOf(pointing, catalog)?.code).toBe('missing-back-matter');
    expect(
      faultOf({ ...pointing, 'back-matter': { resources: [{ uuid: build.uuid(8) }] } }, catalog)?.code,
    ).toBe('unresolved-import');
  });

  test('points to back matter, whose links are found among the files by name, or which holds the file', () => {
    const resources = [
      {
        uuid: build.uuid(7),
        rlinks: [{ href: 'https://example.org/x/other.xml' }, { href: 'https://example.org/x/CATALOG.json' }],
      },
    ];
    const pointing = profile({
      imports: [{ href: `#${build.uuid(7)}`, 'include-all': {} }],
      'back-matter': { resources },
    });
    const others = [named('/data/other.json', small), named('/data/third.json', build.catalog())];
    expect(outline(catalogOf(pointing, ...others))).toContain('z-1');
    const value = Buffer.from(JSON.stringify({ catalog: small })).toString('base64');
    const embedding = {
      ...pointing,
      'back-matter': { resources: [{ uuid: build.uuid(7), base64: { value } }] },
    };
    expect(outline(catalogOf(embedding))).toContain('z-1');
  });

  test('of a profile resolves that first; a circle is refused with its path', () => {
    const inner = profile(
      {
        imports: [{ href: 'catalog.json', 'include-controls': [{ 'with-ids': ['a-1', 'a-2'] }] }],
        merge: asIs,
      },
      51,
    );
    const outer = profile({
      imports: [{ href: 'inner.json', 'include-controls': [{ matching: [{ pattern: '*-2' }] }] }],
      merge: asIs,
    });
    expect(outline(catalogOf(outer, catalog, namedProfile('inner.json', inner)))).toEqual([{ A: ['a-2'] }]);
    const circle = { ...inner, imports: [{ href: 'profile.json', 'include-all': {} }] };
    expect(
      faultOf(outer, namedProfile('inner.json', circle), namedProfile('profile.json', outer)),
    ).toMatchObject({
      code: 'circular-import',
      what: 'The imports go in a circle: profile.json -> inner.json -> profile.json.',
    });
    const itself = profile({ imports: [{ href: 'profile.json', 'include-all': {} }] });
    expect(faultOf(itself, namedProfile('profile.json', itself))?.code).toBe('circular-import');
  });

  test('of profiles that double each other ends', () => {
    const twice = (href: string, at: number) =>
      profile(
        {
          imports: [
            { href, 'include-all': {} },
            { href, 'include-all': {} },
          ],
        },
        at,
      );
    const chain = Array.from({ length: 30 }, (_, at) =>
      namedProfile(`p${at}.json`, twice(at === 29 ? 'catalog.json' : `p${at + 1}.json`, 100 + at)),
    );
    expect(faultOf(twice('p0.json', 50), catalog, ...chain)?.code).toBe('too-many');
  });

  test('notes what it names and does not get', () => {
    const asked = profile({
      imports: [{ href: 'catalog.json', 'include-controls': [{ 'with-ids': ['a-2', 'a-9'] }] }],
      modify: {
        'set-parameters': [{ 'param-id': 'gone', values: ['x'] }],
        alters: [{ 'control-id': 'b-1' }],
      },
    });
    const resolved = resolve(asked, catalog);
    expect(resolved.ok && resolved.notes.map(({ code, where }) => [code, where])).toEqual([
      ['unknown-control', '/profile/imports/0/include-controls/0/with-ids/1'],
      ['unknown-parameter', '/profile/modify/set-parameters/0/param-id'],
      ['unknown-control', '/profile/modify/alters/0/control-id'],
    ]);
  });
});

test('a profile of more patterns than anyone writes is refused before they are matched', () => {
  const matching = Array.from({ length: 1001 }, () => ({ pattern: '*'.repeat(50) }));
  const fault = { code: 'too-many', what: expect.stringContaining('1,001 patterns') };
  const imports = [{ href: 'catalog.json', 'include-controls': [{ matching }] }];
  expect(faultOf(profile({ imports }), catalog)).toMatchObject(fault);
  const inGroup = { groups: [{ title: 'G', 'insert-controls': [{ 'exclude-controls': [{ matching }] }] }] };
  expect(faultOf(profile({ merge: { custom: inGroup } }), catalog)).toMatchObject(fault);
  const some = [{ href: 'catalog.json', 'include-controls': [{ matching: matching.slice(1) }] }];
  expect(outline(catalogOf(profile({ imports: some }), catalog))).toHaveLength(7);
});

describe('a merge', () => {
  const two = [
    { href: 'catalog.json', 'include-controls': [{ 'with-ids': ['a-2'] }] },
    { href: 'catalog.json', 'include-controls': [{ 'with-ids': ['a-1', 'a-2'] }] },
  ];
  const merged = (merge: Profile['merge']) =>
    outline(catalogOf(profile({ imports: two, ...(merge && { merge }) }), catalog));

  test('keeps what clashes, uses the first, or joins them', () => {
    expect(merged(undefined)).toEqual(['a-2', 'a-1', 'a-2']);
    expect(merged({ combine: { method: 'keep' }, ...asIs })).toEqual([{ A: ['a-2', 'a-1', 'a-2'] }]);
    expect(merged({ combine: { method: 'use-first' }, ...asIs })).toEqual([{ A: ['a-2', 'a-1'] }]);
    const other = build.catalog({
      controls: [build.control('a-2', { props: [{ name: 'label', value: 'other' }] })],
    });
    const joined = catalogOf(
      profile({
        imports: [
          { href: 'catalog.json', 'include-controls': [{ 'with-ids': ['a-2'] }] },
          { href: 'other.json', 'include-all': {} },
        ],
        merge: { combine: { method: 'merge' } },
      }),
      catalog,
      named('other.json', other),
    );
    expect(joined.controls).toEqual([build.control('a-2', { props: [{ name: 'label', value: 'other' }] })]);
  });

  test('that asks for two structures is refused', () => {
    expect(faultOf(profile({ merge: { flat: {}, 'as-is': true } }), catalog)?.what).toBe(
      'The profile asks for more than one structure: flat and as-is.',
    );
  });

  test('into groups of its own holds what is inserted, in the order asked', () => {
    const custom = {
      groups: [
        {
          id: 'mine',
          title: 'Mine',
          groups: [
            {
              title: 'Down',
              'insert-controls': [
                { order: 'descending' as const, 'include-controls': [{ matching: [{ pattern: 'a-?' }] }] },
              ],
            },
          ],
          'insert-controls': [{ 'include-controls': [{ 'with-ids': ['z-1', 'a-1.1'] }] }],
        },
        { id: 'a', title: 'A again' },
      ],
    };
    const made = catalogOf(profile({ merge: { custom } }), catalog);
    expect(outline(made)).toEqual([{ Mine: ['z-1', 'a-1.1', { Down: ['a-2', 'a-1'] }] }, { 'A again': [] }]);
    expect(made.groups?.[1]).toMatchObject({ id: 'a', params: [{ id: 'a_prm' }] });
  });

  test('has a parameter once where one import brings its control and another does not', () => {
    const prose = 'Do {{ insert: param, c-1_prm }}.';
    const from = build.catalog({
      controls: [
        build.control('c-1', { params: [{ id: 'c-1_prm' }], parts: [{ name: 'statement', prose }] }),
        build.control('c-2'),
      ],
    });
    const imports = ['c-1', 'c-2'].map((id) => ({
      href: 'catalog.json',
      'include-controls': [{ 'with-ids': [id] }],
    }));
    const made = catalogOf(profile({ imports }), named('catalog.json', from));
    expect([outline(made), made.params]).toEqual([['c-1', 'c-2'], undefined]);
  });

  test('keeps a parameter without its control where a text is about it, and no other', () => {
    const about = build.catalog({
      params: [
        { id: 'p', label: 'P' },
        { id: 'q', label: 'Q' },
      ],
      controls: [
        build.control('c-1', { params: [{ id: 'c-1_prm', label: 'of c-1, with {{ insert: param, p }}' }] }),
        build.control('c-2', {
          parts: [{ name: 'statement', prose: 'As in {{ insert: param, c-1_prm }}.' }],
        }),
      ],
    });
    const asked = profile({
      imports: [{ href: 'catalog.json', 'include-controls': [{ 'with-ids': ['c-2'] }] }],
    });
    expect(catalogOf(asked, named('catalog.json', about)).params?.map(({ id }) => id)).toEqual([
      'p',
      'c-1_prm',
    ]);
  });
});

describe('a modification', () => {
  const modified = (modify: NonNullable<Profile['modify']>, control: Control): Control | undefined =>
    catalogOf(profile({ modify, merge: asIs }), named('catalog.json', build.catalog({ controls: [control] })))
      .controls?.[0];

  test('sets parameters: what is single is replaced, lists grow, a value takes the place of a selection', () => {
    const param = {
      id: 'p',
      label: 'Old',
      select: { choice: ['a', 'b'] },
      constraints: [{ description: 'one' }],
      props: [{ name: 'x', uuid: build.uuid(5), value: 'old' }],
    };
    const settings = [
      { 'param-id': 'p', values: ['c'], constraints: [{ description: 'two' }] },
      { 'param-id': 'p', label: 'New', props: [{ name: 'x', uuid: build.uuid(5), value: 'new' }] },
    ];
    expect(
      modified({ 'set-parameters': settings }, build.control('c-1', { params: [param] }))?.params,
    ).toEqual([
      {
        id: 'p',
        label: 'New',
        values: ['c'],
        constraints: [{ description: 'one' }, { description: 'two' }],
        props: [{ name: 'x', uuid: build.uuid(5), value: 'new' }],
      },
    ]);
  });

  const control = build.control('c-1', {
    props: [
      { name: 'status', value: 'ready' },
      { name: 'status', ns: 'https://example.org/ns', value: 'theirs' },
    ],
    parts: [
      {
        id: 'c-1.b',
        name: 'recommendations',
        parts: [
          { id: 'c-1.b1', name: 'task', class: 'one', prose: 'Collect.' },
          { id: 'c-1.b2', name: 'task', class: 'two', prose: 'Sweep.' },
        ],
      },
    ],
    controls: [build.control('c-1.1')],
  });
  const alter = (more: object) => modified({ alters: [{ 'control-id': 'c-1', ...more }] }, control);

  test('adds to a control at its start or its end, in the order OSCAL has', () => {
    const add = { props: [{ name: 'basis', value: 'own' }], parts: [{ name: 'caution', prose: 'Mind.' }] };
    expect(alter({ adds: [{ position: 'starting', ...add }] })).toMatchObject({
      props: [{ name: 'basis' }, { value: 'ready' }, { value: 'theirs' }],
      parts: [{ name: 'caution' }, { id: 'c-1.b' }],
    });
    expect(alter({ adds: [{ title: 'New title', ...add }] })).toMatchObject({
      title: 'New title',
      props: [{ value: 'ready' }, { value: 'theirs' }, { name: 'basis' }],
      parts: [{ id: 'c-1.b' }, { name: 'caution' }],
    });
  });

  test('adds beside or inside something by its id; to an id that is not there, nothing', () => {
    const parts = [{ name: 'caution', prose: 'Mind.' }];
    const at = (position: string) =>
      alter({ adds: [{ position, 'by-id': 'c-1.b1', parts }] })?.parts?.[0]?.parts?.map((part) => [
        part.name,
        part.parts?.length ?? 0,
      ]);
    expect(at('before')).toEqual([
      ['caution', 0],
      ['task', 0],
      ['task', 0],
    ]);
    expect(at('after')).toEqual([
      ['task', 0],
      ['caution', 0],
      ['task', 0],
    ]);
    expect(at('ending')).toEqual([
      ['task', 1],
      ['task', 0],
    ]);
    expect(alter({ adds: [{ 'by-id': 'gone', parts }] })).toEqual(control);
    const inner = alter({ adds: [{ 'by-id': 'c-1.1', parts }] });
    expect(inner?.controls?.[0]?.parts?.at(-1)?.name).toBe('caution');
    const beside = alter({
      adds: [{ position: 'after', 'by-id': 'c-1.b1', props: [{ name: 'basis', value: 'x' }] }],
    });
    expect(beside?.parts?.[0]?.props).toEqual([{ name: 'basis', value: 'x' }]);
  });

  test('removes what meets every criterion, at any depth', () => {
    expect(alter({ removes: [{ 'by-id': 'c-1.b1' }] })?.parts?.[0]?.parts?.map(({ id }) => id)).toEqual([
      'c-1.b2',
    ]);
    expect(
      alter({ removes: [{ 'by-name': 'task', 'by-class': 'two' }] })?.parts?.[0]?.parts?.map(({ id }) => id),
    ).toEqual(['c-1.b1']);
    expect(
      alter({ removes: [{ 'by-name': 'status', 'by-ns': 'http://csrc.nist.gov/ns/oscal' }] })?.props,
    ).toEqual([{ name: 'status', ns: 'https://example.org/ns', value: 'theirs' }]);
    expect(alter({ removes: [{ 'by-item-name': 'prop' }] })).not.toHaveProperty('props');
    expect(alter({ removes: [{ 'by-name': 'task' }] })?.parts?.[0]).toEqual({
      id: 'c-1.b',
      name: 'recommendations',
    });
    expect(alter({ removes: [{}] })).toEqual(control);
  });

  test('what is added is not what is removed', () => {
    const swap = alter({
      removes: [{ 'by-name': 'task' }],
      adds: [{ position: 'after', 'by-id': 'c-1.b1', parts: [{ name: 'task', prose: 'Instead.' }] }],
    });
    expect(swap?.parts?.[0]?.parts).toEqual([{ name: 'task', prose: 'Instead.' }]);
  });
});

describe('the result', () => {
  test('holds the resources that are pointed to, the later of two, and those that are to be kept', () => {
    const resource = (n: number, title: string, more = {}) => ({ uuid: build.uuid(n), title, ...more });
    const linked = build.catalog({
      controls: [
        build.control('c-1', {
          links: [{ href: `#${build.uuid(10)}` }],
          parts: [{ name: 'statement', prose: `See [this](#${build.uuid(11)}).` }],
        }),
      ],
      'back-matter': {
        resources: [
          resource(10, 'old'),
          resource(11, 'linked', { links: undefined, remarks: `after #${build.uuid(13)}` }),
          resource(12, 'not linked'),
          resource(13, 'second hand'),
          resource(14, 'kept', { props: [{ name: 'keep', value: 'always' }] }),
        ],
      },
    });
    const own = profile({ 'back-matter': { resources: [resource(10, 'new'), resource(15, 'own')] } });
    const made = catalogOf(own, named('catalog.json', linked));
    expect(made['back-matter']?.resources?.map(({ title }) => title)).toEqual([
      'new',
      'linked',
      'second hand',
      'kept',
    ]);
  });

  test('says which tool made it, when, and of which profile', () => {
    expect(catalogOf(profile({}), catalog).metadata).toEqual({
      title: 'A profile',
      'last-modified': '2026-01-31T00:00:00.000Z',
      version: '1',
      'oscal-version': '1.1.2',
      props: [{ name: 'resolution-tool', value: 'Ironbark' }],
      links: [{ href: 'profile.json', rel: 'source-profile' }],
    });
  });
});

describe.skipIf(ism === undefined)('ASD’s own baselines of December 2025', () => {
  const edition = 'v2025.12.9';
  const suffix = '-baseline-resolved-profile_catalog.json';
  const baselines =
    ism === undefined ? [] : readdirSync(`${ism}/${edition}`).filter((name) => name.endsWith(suffix));

  test('there are four', () => {
    expect(baselines).toHaveLength(4);
  });

  // Not compared: the uuid and the time of the document, and the name of the tool; the rest is, to the last member.
  test.each(baselines)('%s is reproduced exactly', (file) => {
    const expected = ismCatalog(edition, file);
    const asked = ismProfile(edition, file.replace(suffix, '-baseline_profile.json'));
    const made = catalogOf(asked, named('ISM_catalog.json', ismCatalog(edition)));
    const { 'last-modified': modified, props, ...metadata } = expected.metadata;
    expect(made).toEqual({
      ...expected,
      uuid: build.uuid(99),
      metadata: {
        ...metadata,
        'last-modified': now.toISOString(),
        props: [{ name: 'resolution-tool', value: 'Ironbark' }],
      },
    });
    expect([modified, props?.map(({ name }) => name)]).toEqual([
      expect.stringContaining('2025-12-09'),
      ['resolution-tool'],
    ]);
  });
});
