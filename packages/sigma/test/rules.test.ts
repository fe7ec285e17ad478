import { describe, expect, test } from 'vitest';
import { compile, lint, parseRules, reasons } from '../src/index.ts';
import { compileTexts, eventOf, faultOf, hits, matches, ruleText } from './build.ts';

const detection = { a: { f: '1' }, b: { g: '1' }, c: { h: '1' }, _d: { i: '1' } };
const holds = (condition: unknown, fields: Record<string, unknown>): boolean =>
  hits([ruleText({ ...detection, condition })], fields).length === 1;

describe('conditions', () => {
  test('not binds before and, and before or', () => {
    expect(holds('a or b and c', { f: '1' })).toBe(true);
    expect(holds('(a or b) and c', { f: '1' })).toBe(false);
    expect(holds('not a and b', { g: '1' })).toBe(true);
    expect(holds('not (a or b)', { g: '1' })).toBe(false);
    expect(holds('not not a', { f: '1' })).toBe(true);
    expect(holds('a AND NOT b', { f: '1' })).toBe(true);
  });
  test('quantifiers count selections, without those that start with _', () => {
    expect(holds('1 of them', { i: '1' })).toBe(false);
    expect(holds('all of them', { f: '1', g: '1', h: '1' })).toBe(true);
    expect(holds('2 of them', { f: '1', h: '1' })).toBe(true);
    expect(holds('2 of them', { f: '1' })).toBe(false);
    expect(holds('any of _*', { i: '1' })).toBe(true);
    expect(holds('not 1 of *', {})).toBe(true);
  });
  test('a list of conditions is any of them', () => {
    expect(holds(['a and b', 'c'], { h: '1' })).toBe(true);
  });
  test('what can not be read is refused', () => {
    for (const condition of [
      '',
      'a and',
      'a b',
      '(a',
      'x',
      '1 of x*',
      'of them',
      '9 of them',
      '0 of them',
      'a | count() > 5',
      ['a', 3],
      null,
      'not',
      ')',
    ]) {
      expect([condition, faultOf({ ...detection, condition })]).toEqual([condition, 'condition']);
    }
    expect(faultOf({ ...detection, condition: `${'('.repeat(100)}a${')'.repeat(100)}` })).toBe('condition');
  });
});

describe('selections', () => {
  test('a map is all of its items, a list of maps any of them', () => {
    expect(matches({ f: 'a', g: 'b' }, { f: 'a' })).toBe(false);
    expect(matches([{ f: 'a' }, { g: 'b' }], { g: 'b' })).toBe(true);
    expect(matches([['x1', { f: 'a' }], { g: 'b' }], { k: 'has x1 inside' })).toBe(true);
  });
  test('keywords look at every scalar, one at a time', () => {
    expect(matches(['event::clear'], { m: 'EVENT::Clear' })).toBe(true);
    expect(matches(['4624'], { n: { deep: [{ x: 46_245 }] } })).toBe(true);
    expect(matches(['one two'], { a: 'one', b: ' two' })).toBe(false);
    expect(matches({ '|all': ['one', 'two'] }, { a: 'one', b: 'two' })).toBe(true);
    expect(matches({ '|all': ['one', 'two'] }, { a: 'one' })).toBe(false);
    expect(matches({ '|re': 'o.e$' }, { a: 'xone' })).toBe(true);
    expect(matches(['a*b'], { a: 'xaxbx' })).toBe(true);
    expect(matches('single', { a: 'a single word' })).toBe(true);
    expect(matches({ '|cased': ['One'] }, { a: 'one' })).toBe(false);
  });
  test('empty selections and values that are no values are refused', () => {
    for (const selection of [
      {},
      [],
      null,
      { f: [] },
      { f: { g: 1 } },
      { f: [['a']] },
      { '|cidr': ['10.0.0.0/8'] },
    ]) {
      expect(faultOf({ selection, condition: 'selection' })).toBeDefined();
    }
  });
});

describe('documents', () => {
  const rule = (id: string, value: string): string =>
    `title: ${id}\nid: ${id}\nlogsource: {product: p}\ndetection:\n  s: {f: ${value}}\n  condition: s\n`;
  test('a file may hold several, and a broken one does not take the others with it', () => {
    const text = `${rule('a', 'x')}---\ntitle: [unclosed\n---\n${rule('b', 'y')}`;
    const parsed = parseRules([{ path: 'm.yml', text }]);
    expect(parsed.rules.map((one) => [one.id, one.line])).toEqual([
      ['a', 1],
      ['b', 9],
    ]);
    expect(parsed.faults).toMatchObject([{ what: 'yaml', file: 'm.yml' }]);
  });
  test('global, repeat and reset make collections', () => {
    const text =
      'action: global\ntitle: shared\nlogsource: {product: p}\ndetection: {condition: s}\n---\nid: one\ndetection: {s: {f: a}}\n---\n' +
      'action: repeat\nid: two\ndetection: {s: {f: b}}\n---\naction: reset\n---\nid: three\ndetection: {s: {f: c}}\n';
    const parsed = parseRules([{ path: 'c.yml', text }]);
    expect(parsed.rules.map((one) => [one.id, one.title])).toEqual([
      ['one', 'shared'],
      ['two', 'shared'],
    ]);
    expect(parsed.faults).toMatchObject([{ ruleId: 'three', what: 'metadata' }]);
  });
  test('of two documents with one id the first stands, and the fault names it', () => {
    const compiled = compile([
      { path: 'a.yml', text: rule('same', 'x') },
      { path: 'b.yml', text: rule('same', 'y') },
    ]);
    expect(compiled.rules.map((one) => one.file)).toEqual(['a.yml']);
    expect(compiled.faults).toMatchObject([{ file: 'b.yml', line: 2, what: 'duplicate-id', ruleId: 'same' }]);
    expect(compiled.faults[0]?.why).toContain('a.yml:1');
  });
  test('a fault gives the line of what is wrong', () => {
    const text = `${rule('a', 'x')}  t:\n    g|nope: 1\n`;
    expect(parseRules([{ path: 'a.yml', text }]).faults).toMatchObject([
      { line: 8, what: 'unknown-modifier' },
    ]);
  });
  test('an alias bomb, a deep nest and a huge file are faults', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(',')}]`)
      .join('\n')}\n`;
    expect(parseRules([{ path: 'a', text: bomb }]).faults).toMatchObject([{ what: 'yaml' }]);
    expect(parseRules([{ path: 'a', text: '['.repeat(100_000) }]).faults[0]?.what).toBe('yaml');
    expect(parseRules([{ path: 'a', text: 'x'.repeat(50 * 1024 * 1024) }]).faults).toMatchObject([
      { what: 'file-too-large' },
    ]);
    expect(parseRules([{ path: 'a', text: `a: ${'x'.repeat(2 * 1024 * 1024)}` }]).faults).toMatchObject([
      { what: 'document-too-large' },
    ]);
  });
  test('a rule that asks for too much is refused', () => {
    expect(faultOf({ s: { f: Array.from({ length: 30_000 }, (_, at) => `v${at}`) }, condition: 's' })).toBe(
      'too-large',
    );
    expect(faultOf({ s: { f: 'x'.repeat(20_000) }, condition: 's' })).toBe('too-large');
    expect(faultOf({ s: { 'f|windash': '-a '.repeat(8) }, condition: 's' })).toBe('too-large');
    expect(
      faultOf({
        ...Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`s${at}`, { f: 'x' }])),
        condition: '1 of them',
      }),
    ).toBe('too-large');
  });
  test('a rule without a log source, a title or a level that is one is refused', () => {
    const good = { s: { f: 'x' }, condition: 's' };
    expect(faultOf(good, { logsource: { definition: 'x' } })).toBe('logsource');
    expect(faultOf(good, { title: '' })).toBe('metadata');
    expect(faultOf(good, { level: 'severe' })).toBe('metadata');
    expect(faultOf(good, { id: undefined })).toBeUndefined();
  });
});

describe('filters', () => {
  const rule = ruleText({ s: { f: 'bad' }, condition: 's' }, { id: 'r1', name: 'by_name' });
  const filter = (body: unknown, logsource: unknown = { product: 'p' }): string =>
    JSON.stringify({ title: 'f', id: 'f1', logsource, filter: body });
  test('take matches away from the rules they name', () => {
    for (const rules of [['r1'], ['by_name'], 'any']) {
      const texts = [rule, filter({ rules, selection: { User: 'adm_*' }, condition: 'selection' })];
      expect(hits(texts, { f: 'bad', User: 'adm_jane' })).toEqual([]);
      expect(hits(texts, { f: 'bad', User: 'jane' }).length).toBe(1);
      expect(hits(texts, { f: 'bad' }).length).toBe(1);
    }
  });
  test('that apply to nothing say so', () => {
    const body = { selection: { User: 'x' }, condition: 'selection' };
    for (const text of [
      filter({ ...body, rules: ['unknown'] }),
      filter({ ...body, rules: ['r1'] }, { product: 'other' }),
      filter({ ...body, rules: [] }),
      filter({ rules: ['r1'], condition: 'selection' }),
    ]) {
      const compiled = compileTexts([rule, text]);
      expect(compiled.faults.length).toBe(1);
      expect(compiled.ruleset.matcher().match(eventOf({ f: 'bad', User: 'x' })).length).toBe(1);
    }
  });
});

test('reasons name the selection, the field, the test and the value', () => {
  const [rule] = compileTexts([
    ruleText({
      sel: { 'Image|endswith': ['\\cmd.exe', '\\rundll32.exe'], User: null },
      filter: { x: 1 },
      condition: 'sel and not filter',
    }),
  ]).rules;
  expect(rule && reasons(rule, eventOf({ Image: 'C:\\Windows\\rundll32.exe' }))).toEqual([
    {
      selection: 'sel',
      field: 'Image',
      test: "endswith '\\rundll32.exe'",
      value: 'C:\\Windows\\rundll32.exe',
    },
    { selection: 'sel', field: 'User', test: 'is null or absent', value: 'null' },
  ]);
});

test('lint finds what was hardly meant', () => {
  const text =
    'title: t\nlogsource: {product: p}\ndetection:\n  s:\n    f|contains:\n      - abc\n      - xabcx\n    nofield: 1\n  twin: {g|all: [x]}\n  again: {g|all: [x]}\n  unused: {g: y}\n  condition: s or twin or again\n';
  const found = lint([{ path: 'a.yml', text }], { fieldsOf: () => new Set(['f', 'g']) });
  expect(found.map(({ line, what }) => [line, what])).toEqual([
    [1, 'missing-id'],
    [5, 'shadowed-value'],
    [8, 'unknown-field'],
    [9, 'single-all'],
    [10, 'shadowed-selection'],
    [10, 'single-all'],
    [11, 'unused-selection'],
  ]);
  expect(lint([{ path: 'a.yml', text: text.replace('nofield: 1', 'f|re: (a)\\1') }])).toMatchObject([
    { what: 'regex', severity: 'error' },
  ]);
});
