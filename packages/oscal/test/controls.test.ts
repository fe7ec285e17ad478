import { describe, expect, test } from 'vitest';
import { hashOf, readControls } from '../src/index.ts';
import { build } from './build.ts';
import { ism, ismCatalog } from './ism.ts';

const ns = (version: string): string => `https://cyber.gov.au/ns/ism/oscal/${version}`;
const applies = (version: string, ...values: string[]) =>
  values.map((value) => ({ name: 'applicability', ns: ns(version), value }));

const single = (more: Parameters<typeof build.control>[1], id = 'ism-0001') =>
  readControls(build.catalog({ controls: [build.control(id, more)] }))[0];

describe('a catalogue of the ISM', () => {
  const catalog = build.catalog({
    groups: [
      build.group('Guidelines', {
        groups: [
          build.group('Section', {
            groups: [
              build.group('Topic', {
                parts: [{ name: 'overview', prose: 'Why it matters.' }],
                controls: [
                  build.control('ism-0001', {
                    class: 'ISM-control',
                    title: 'Control: ism-0001',
                    props: [
                      { name: 'sort-id', value: 'catalog[1].group[03].control[1]' },
                      { name: 'revision', ns: ns('3.0'), value: '4' },
                      { name: 'updated', ns: ns('3.0'), value: 'Dec-25' },
                      ...applies('3.0', 'TS', 'S'),
                      { name: 'essential-eight-applicability', ns: ns('3.0'), value: 'ML3' },
                      { name: 'essential-eight-applicability', ns: ns('3.0'), value: 'ML2' },
                    ],
                    parts: [
                      { id: 'ism-0001_smt', name: 'statement', prose: `Use [a guide](#${build.uuid(9)}).` },
                    ],
                  }),
                ],
              }),
            ],
          }),
        ],
      }),
    ],
    'back-matter': {
      resources: [{ uuid: build.uuid(9), title: 'A guide', rlinks: [{ href: 'https://example.org/guide' }] }],
    },
  });

  test('is read with its statement, path, guidance, markings and levels', () => {
    expect(readControls(catalog)).toEqual([
      {
        id: 'ism-0001',
        class: 'ISM-control',
        title: 'ISM-0001',
        statement: `Use [a guide](#${build.uuid(9)}).`,
        statementHash: hashOf(`Use [a guide](#${build.uuid(9)}).`),
        statementLinks: [
          { text: 'a guide', uuid: build.uuid(9), title: 'A guide', href: 'https://example.org/guide' },
        ],
        guidance: 'Why it matters.',
        guidanceLinks: [],
        path: ['Guidelines', 'Section', 'Topic'],
        applicability: ['S', 'TS'],
        e8Levels: ['ML2', 'ML3'],
        revision: '4',
        updated: 'Dec-25',
        sortId: 'catalog[1].group[03].control[1]',
        withdrawn: false,
      },
    ]);
  });

  test('ALL means every marking of its edition: NC came with namespace 3.0, and 1.0 says O for OS', () => {
    expect(single({ props: applies('3.0', 'ALL') })?.applicability).toEqual(['NC', 'OS', 'P', 'S', 'TS']);
    expect(single({ props: applies('2.0', 'ALL') })?.applicability).toEqual(['OS', 'P', 'S', 'TS']);
    expect(single({ props: applies('1.0', 'P', 'O') })?.applicability).toEqual(['OS', 'P']);
  });

  test('a property of the same name in another namespace is not the ISM’s', () => {
    const props = [{ name: 'applicability', ns: 'https://example.org/ns', value: 'P' }];
    expect(single({ props })?.applicability).toEqual([]);
  });
});

describe('a catalogue with parameters and enhancements', () => {
  const statement = (prose: string) => [{ id: 'x_smt', name: 'statement', prose }];

  test('shows values, else the selection, else the label', () => {
    const params = [
      { id: 'x_prm_1', values: ['weekly'] },
      { id: 'x_prm_2', label: 'a role' },
      {
        id: 'x_prm_3',
        select: { 'how-many': 'one-or-more' as const, choice: ['by {{ insert: param, x_prm_2 }}', 'never'] },
      },
    ];
    const prose =
      'Review {{ insert: param, x_prm_1 }}: {{ insert: param, x_prm_3 }}; {{ insert: param, gone }}.';
    expect(single({ params, parts: statement(prose) }, 'x')?.statement).toBe(
      'Review weekly: [Selection (one or more): by [Assignment: a role]; never]; {{ insert: param, gone }}.',
    );
  });

  test('a parameter that contains itself ends', () => {
    const params = [{ id: 'x_prm_1', values: ['{{ insert: param, x_prm_1 }}'] }];
    expect(single({ params, parts: statement('{{ insert: param, x_prm_1 }}') }, 'x')?.statement).toBe(
      '{{ insert: param, x_prm_1 }}',
    );
  });

  test('puts lettered items under the statement and enhancements after their control', () => {
    const lettered = {
      id: 'ac-1_smt',
      name: 'statement',
      prose: 'Do:',
      parts: [
        { id: 'ac-1_smt.a', name: 'item', prose: 'this', props: [{ name: 'label', value: 'a.' }] },
        {
          id: 'ac-1_smt.b',
          name: 'item',
          prose: 'that:',
          props: [{ name: 'label', value: 'b.' }],
          parts: [
            { id: 'ac-1_smt.b.1', name: 'item', prose: 'twice', props: [{ name: 'label', value: '1.' }] },
          ],
        },
      ],
    };
    const catalog = build.catalog({
      groups: [
        build.group('Access', {
          id: 'ac',
          controls: [
            build.control('ac-1', {
              parts: [lettered, { name: 'guidance', prose: 'How.' }],
              controls: [build.control('ac-1.1', { props: [{ name: 'status', value: 'withdrawn' }] })],
            }),
          ],
        }),
      ],
    });
    const [first, second] = readControls(catalog);
    expect(first?.statement).toBe('Do:\na. this\nb. that:\n  1. twice');
    expect(first?.guidance).toBe('How.');
    expect(second).toMatchObject({ id: 'ac-1.1', parent: 'ac-1', path: ['Access', 'AC-1'], withdrawn: true });
  });
});

test.skipIf(ism === undefined)('the ISM of December 2025 counts as ASD publishes it', () => {
  const controls = readControls(ismCatalog('v2025.12.9'));
  const of = (kind: string) => controls.filter((control) => control.class === kind);
  const marked = (marking: string) =>
    of('ISM-control').filter((control) => control.applicability.includes(marking));
  const level = (name: 'ML1' | 'ML2' | 'ML3') =>
    controls.filter((control) => control.e8Levels.includes(name)).length;
  expect([of('ISM-control').length, of('ISM-principle').length]).toEqual([1073, 34]);
  expect(['NC', 'OS', 'P', 'S', 'TS'].map((marking) => marked(marking).length)).toEqual([
    949, 958, 958, 1023, 1032,
  ]);
  expect([level('ML1'), level('ML2'), level('ML3')]).toEqual([46, 87, 123]);
  expect(controls.filter((control) => control.e8Levels.length > 0)).toHaveLength(126);
  expect(new Set(controls.map((control) => control.path.length))).toEqual(new Set([3]));
  expect(controls.every((control) => control.statement !== '' && control.guidance !== '')).toBe(true);
  const links = controls.flatMap((control) => control.guidanceLinks);
  expect(links.length).toBeGreaterThan(0);
  expect(links.every((link) => link.href !== undefined)).toBe(true);
});
