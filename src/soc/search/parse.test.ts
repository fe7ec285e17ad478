import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Pattern, Query } from './ast.ts';
import { QuerySyntax } from './errors.ts';
import { limits, parse } from './parse.ts';

/** The query without the places of its terms. */
function shape(query: Query): unknown {
  switch (query.kind) {
    case 'everything':
      return query;
    case 'and':
    case 'or':
      return { kind: query.kind, parts: query.parts.map(shape) };
    case 'not':
      return { kind: 'not', part: shape(query.part) };
    case 'text':
      return { kind: 'text', pattern: query.pattern };
    case 'field':
      return { kind: 'field', name: query.name, test: query.test };
  }
}

const shown = (pattern: Pattern): string =>
  pattern.quoted
    ? `"${pattern.parts
        .map((part) => ('literal' in part ? part.literal : ''))
        .join('')
        .replaceAll('"', '""')}"`
    : pattern.parts
        .map((part) => ('literal' in part ? part.literal : part.wild === 'any' ? '*' : '?'))
        .join('');
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function print(query: Query): string {
  switch (query.kind) {
    case 'everything':
      return '';
    case 'and':
    case 'or':
      return query.parts.map((part) => `(${print(part)})`).join(query.kind === 'and' ? ' AND ' : ' OR ');
    case 'not':
      return `NOT (${print(query.part)})`;
    case 'text':
      return shown(query.pattern);
    case 'field': {
      const { test } = query;
      const name = quoted(query.name);
      if (test.op === 'is') return `${name}:${shown(test.pattern)}`;
      if (test.op === 'exactly') return `${name}=${quoted(test.value)}`;
      if (test.op === 'present') return `${name}:*`;
      if (test.op === 'compare') return `${name}${test.comparison}${quoted(test.value)}`;
      const bound = (text: string | null) => (text === null ? '*' : quoted(text));
      return `${name}:${test.lowIncluded ? '[' : '{'}${bound(test.low)} TO ${bound(test.high)}${test.highIncluded ? ']' : '}'}`;
    }
  }
}

const place = { at: 0, length: 0 };
const text = fc.string({ maxLength: 12 });
const pattern: fc.Arbitrary<Pattern> = text.map((literal) => ({ parts: [{ literal }], quoted: true }));
const testOf = fc.oneof(
  pattern.map((value) => ({ op: 'is' as const, pattern: value })),
  text.map((value) => ({ op: 'exactly' as const, value })),
  fc.constant({ op: 'present' as const }),
  fc.record({
    op: fc.constant('compare' as const),
    comparison: fc.constantFrom('>', '>=', '<', '<=' as const),
    value: text,
  }),
  fc.record({
    op: fc.constant('range' as const),
    low: fc.option(text, { nil: null }),
    high: fc.option(text, { nil: null }),
    lowIncluded: fc.boolean(),
    highIncluded: fc.boolean(),
  }),
);
const { query } = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    pattern.map((value): Query => ({ kind: 'text', pattern: value, place })),
    fc
      .record({ name: text, test: testOf })
      .map(({ name, test }): Query => ({ kind: 'field', name, test, place })),
    tie('query').map((part): Query => ({ kind: 'not', part })),
    fc
      .record({
        kind: fc.constantFrom('and', 'or' as const),
        parts: fc.array(tie('query'), { minLength: 2, maxLength: 3 }),
      })
      .map((both): Query => both),
  ),
}));

describe('the query language', () => {
  test('what was printed reads back as the same query', () => {
    fc.assert(
      fc.property(query, (one) => {
        expect(shape(parse(print(one)))).toEqual(shape(one));
      }),
      { numRuns: 500 },
    );
  });

  test('any text at all is a query or a fault with a position inside it', () => {
    const nasty = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc
        .array(
          fc.constantFrom(
            '(',
            ')',
            '"',
            'NOT ',
            '-',
            'AND ',
            'OR ',
            'a:',
            'b>=',
            '[1 TO ',
            '*',
            '?',
            '}',
            ' ',
            'x',
            '\\',
            ':',
          ),
          { maxLength: 40 },
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(nasty, (source) => {
        try {
          parse(source);
        } catch (error) {
          expect(error).toBeInstanceOf(QuerySyntax);
          if (error instanceof QuerySyntax)
            expect(error.facts['position']).toSatisfy((at: number) => at >= 0 && at <= source.length);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['one two', { kind: 'and', parts: [word('one'), word('two')] }],
    [
      'one OR two three',
      { kind: 'or', parts: [word('one'), { kind: 'and', parts: [word('two'), word('three')] }] },
    ],
    ['NOT -one', word('one')],
    ['-one', { kind: 'not', part: word('one') }],
    ['or and not', { kind: 'and', parts: [word('or'), word('and'), word('not')] }],
    ['C:\\Windows', word('C:\\Windows')],
    ['https://example.org/a', word('https://example.org/a')],
    ['fe80::1', word('fe80::1')],
    ['00:1a:2b:3c:4d:5e', word('00:1a:2b:3c:4d:5e')],
    ['10:22', word('10:22')],
    ['x=""', { kind: 'field', name: 'x', test: { op: 'exactly', value: '' } }],
    ['id.orig_h:10.0.0.0/8', field('id.orig_h', '10.0.0.0/8')],
    ['"Threat Name":x', field('Threat Name', 'x')],
    ['Image: cmd.exe', field('Image', 'cmd.exe')],
    ['a:(b OR c)', { kind: 'or', parts: [field('a', 'b'), field('a', 'c')] }],
    ['a!=b', { kind: 'not', part: { kind: 'field', name: 'a', test: { op: 'exactly', value: 'b' } } }],
    ['a:*', { kind: 'field', name: 'a', test: { op: 'present' } }],
    ['a>=10', { kind: 'field', name: 'a', test: { op: 'compare', comparison: '>=', value: '10' } }],
    [
      'a:{1 TO *]',
      {
        kind: 'field',
        name: 'a',
        test: { op: 'range', low: '1', high: null, lowIncluded: false, highIncluded: true },
      },
    ],
    ['', { kind: 'everything' }],
    ['  ', { kind: 'everything' }],
  ])('reads %s', (source, expected) => {
    expect(shape(parse(source))).toEqual(expected);
  });

  test('wildcards are only outside quotes, and a backslash is a backslash', () => {
    expect(shape(parse('a:C:\\*\\x?'))).toEqual({
      kind: 'field',
      name: 'a',
      test: {
        op: 'is',
        pattern: {
          quoted: false,
          parts: [{ literal: 'C:\\' }, { wild: 'any' }, { literal: '\\x' }, { wild: 'one' }],
        },
      },
    });
    expect(shape(parse('"50*"'))).toEqual({
      kind: 'text',
      pattern: { quoted: true, parts: [{ literal: '50*' }] },
    });
  });

  test.each([
    ['(one', 1, 'not closed'],
    ['one)', 4, 'never opened'],
    ['a "b', 3, 'quote is not closed'],
    ['one AND', 8, 'too early'],
    ['AND one', 1, '"AND" stands where a term is expected'],
    ['Image:', 1, 'has no value'],
    ['a:[1 TO', 3, 'range is not complete'],
    ['a:(b c:d)', 6, 'inside the values of another'],
    [`${'('.repeat(30)}a`, 22, 'too deep'],
    [Array.from({ length: limits.terms + 1 }, () => 'a').join(' '), limits.terms * 2 + 1, 'too many terms'],
    ['a?b?c?d?e?f?g?h?i?j?k?', 1, 'too many wildcards'],
  ])('says where %s goes wrong', (source, position, why) => {
    expect(() => parse(source)).toThrow(QuerySyntax);
    expect(() => parse(source)).toThrow(new RegExp(`${escaped(why)}.* at character ${position}\\.`));
  });
});

function word(literal: string) {
  return { kind: 'text', pattern: { quoted: false, parts: [{ literal }] } };
}

function field(name: string, literal: string) {
  return { kind: 'field', name, test: { op: 'is', pattern: { quoted: false, parts: [{ literal }] } } };
}

const escaped = (source: string): string => source.replace(/[.*+?^${}()|[\]\\"]/g, '\\$&');
