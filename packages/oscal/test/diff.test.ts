import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CatalogDiff, type Control, diffControls, diffWords, readControls } from '../src/index.ts';
import { build } from './build.ts';
import { ism, ismCatalog } from './ism.ts';

const ns = 'https://cyber.gov.au/ns/ism/oscal/3.0';
const control = (id: string, prose: string, revision = '1', ...applies: string[]): Control =>
  build.control(id, {
    parts: [{ name: 'statement', prose }],
    props: [
      { name: 'revision', ns, value: revision },
      ...applies.map((value) => ({ name: 'applicability', ns, value })),
    ],
  });
const diff = (before: Control[], after: Control[]): CatalogDiff =>
  diffControls(
    readControls(build.catalog({ controls: before })),
    readControls(build.catalog({ controls: after })),
  );

describe('two editions', () => {
  test('differ by what was added, removed, reworded and remarked', () => {
    const made = diff(
      [
        control('c-1', 'Do it.'),
        control('c-2', 'Keep.', '2'),
        control('c-3', 'Go.'),
        control('c-4', 'Stay.', '1', 'P'),
      ],
      [
        control('c-2', 'Keep it.', '2'),
        control('c-1', 'Do it now.', '2'),
        control('c-4', 'Stay.', '2', 'P', 'S'),
        control('c-5', 'New.'),
      ],
    );
    expect(made.added.map(({ id }) => id)).toEqual(['c-5']);
    expect(made.removed.map(({ id }) => id)).toEqual(['c-3']);
    expect(made.reworded.map(({ id, revisionChanged }) => [id, revisionChanged])).toEqual([
      ['c-2', false],
      ['c-1', true],
    ]);
    expect(made.rewordedWithoutRevision).toEqual(['c-2']);
    expect(made.applicability).toEqual([{ id: 'c-4', before: ['P'], after: ['P', 'S'] }]);
    expect(made.e8).toEqual([]);
    expect(made.unchanged).toBe(0);
  });

  test('do not differ by the order or the place of a control', () => {
    const [one, two] = [control('c-1', 'A.'), control('c-2', 'B.')];
    const moved = diffControls(
      readControls(build.catalog({ controls: [one, two] })),
      readControls(build.catalog({ groups: [build.group('G', { controls: [two, one] })] })),
    );
    expect(moved).toEqual({
      added: [],
      removed: [],
      reworded: [],
      rewordedWithoutRevision: [],
      applicability: [],
      e8: [],
      unchanged: 2,
    });
  });
});

describe('a change of words', () => {
  test('shows what went and what came', () => {
    expect(diffWords('Logs are kept for 12 months.', 'Event logs are kept for 18 months.')).toEqual([
      { kind: 'removed', text: 'Logs ' },
      { kind: 'added', text: 'Event logs ' },
      { kind: 'same', text: 'are kept for ' },
      { kind: 'removed', text: '12 ' },
      { kind: 'added', text: '18 ' },
      { kind: 'same', text: 'months.' },
    ]);
  });

  test('gives both texts back', () => {
    const words = fc
      .array(fc.constantFrom('a', 'b', 'c', ' ', '.', '\n'), { maxLength: 30 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(words, words, (before, after) => {
        const pieces = diffWords(before, after);
        const without = (kind: string) =>
          pieces
            .filter((piece) => piece.kind !== kind)
            .map(({ text }) => text)
            .join('');
        expect([without('added'), without('removed')]).toEqual([before, after]);
      }),
    );
  });

  test('of long texts ends', () => {
    const before = 'x y '.repeat(50_000);
    const pieces = diffWords(before, 'z w '.repeat(50_000));
    expect(pieces[0]?.kind).toBe('removed');
  });
});

test.skipIf(ism === undefined)('the ISM of October and December 2025 differ as was counted by hand', () => {
  const made = diffControls(readControls(ismCatalog('v2025.10.8')), readControls(ismCatalog('v2025.12.9')));
  expect([made.added.length, made.removed.length, made.reworded.length]).toEqual([21, 6, 89]);
  expect(made.rewordedWithoutRevision).toHaveLength(12);
  expect([made.applicability, made.e8]).toEqual([[], []]);
});
