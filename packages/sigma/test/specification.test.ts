import { describe, expect, test } from 'vitest';
import { compileTexts, eventOf, hits, matches, ruleText } from './build.ts';

/*
 * What the specification (2.1) says, clause by clause, where it is easy to get wrong. Written from its text, not from
 * what this engine does: `is` must match, `not` must not.
 */
type Fields = Record<string, unknown>;
type Case = {
  readonly clause: string;
  readonly detection: Record<string, unknown>;
  readonly is?: readonly Fields[];
  readonly not?: readonly Fields[];
};

const selection = (body: unknown): Record<string, unknown> => ({ selection: body, condition: 'selection' });
const check = ({ detection, is = [], not = [] }: Case): void => {
  for (const fields of is) expect([fields, hits([ruleText(detection)], fields).length]).toEqual([fields, 1]);
  for (const fields of not) expect([fields, hits([ruleText(detection)], fields).length]).toEqual([fields, 0]);
};

describe('escape character', () => {
  test.each<Case>([
    {
      clause: 'a backslash not followed by a wildcard may be single or double',
      detection: selection({ f: ['C:\\x', 'D:\\\\x'] }),
      is: [{ f: 'c:\\x' }, { f: 'd:\\x' }],
      not: [{ f: 'd:\\\\x' }],
    },
    {
      clause: 'an escaped wildcard is a plain character',
      detection: selection({ f: 'what\\?\\*' }),
      is: [{ f: 'WHAT?*' }],
      not: [{ f: 'whatxx' }, { f: 'what\\?\\*' }],
    },
    {
      clause: 'an escaped backslash before a wildcard leaves the wildcard one',
      detection: selection({ f: 'dir\\\\*' }),
      is: [{ f: 'dir\\' }, { f: 'dir\\file' }],
      not: [{ f: 'dir*' }, { f: 'dir' }],
    },
    {
      clause: 'three backslashes and a wildcard are both of them plain',
      detection: selection({ f: 'dir\\\\\\*' }),
      is: [{ f: 'dir\\*' }],
      not: [{ f: 'dir\\file' }, { f: 'dir\\\\*' }],
    },
    {
      clause: 'three or four backslashes are two',
      detection: selection({ f: ['\\\\\\host', '\\\\\\\\other'] }),
      is: [{ f: '\\\\host' }, { f: '\\\\other' }],
      not: [{ f: '\\host' }, { f: '\\\\\\host' }],
    },
    {
      clause: '? is one character that must be there, * any number',
      detection: selection({ f: ['prog?.exe', 'antivirus_V*.exe'] }),
      is: [{ f: 'progA.exe' }, { f: 'antivirus_V1.exe' }, { f: 'antivirus_V21.2.1.exe' }],
      not: [{ f: 'prog.exe' }, { f: 'progAB.exe' }],
    },
    {
      clause: 'a modifier keeps wildcards and escapes inside its value',
      detection: selection({ 'f|contains': 'a\\*b?d' }),
      is: [{ f: 'xa*bcdx' }],
      not: [{ f: 'xaxbcdx' }, { f: 'xa*bdx' }],
    },
    {
      clause: 'a value that ends in a backslash, at the end of the field',
      detection: selection({ 'f|endswith': '\\Temp\\' }),
      is: [{ f: 'C:\\temp\\' }],
      not: [{ f: 'C:\\temp\\x' }, { f: 'C:\\temp' }],
    },
  ])('$clause', check);
});

describe('lists and maps', () => {
  test.each<Case>([
    {
      clause: 'a list of maps is any of them, and each map all of its items',
      detection: selection([{ a: 1, b: 2 }, { 'c|endswith': 'x' }]),
      is: [{ a: 1, b: 2 }, { c: 'yx' }],
      not: [{ a: 1 }, { b: 2 }, { c: 'xy' }],
    },
    {
      clause: 'a list of maps may hold a map twice by the same field',
      detection: selection([{ 'f|contains': 'one' }, { 'f|contains': 'two' }]),
      is: [{ f: 'one' }, { f: 'two' }],
      not: [{ f: 'three' }],
    },
    {
      clause: 'the same field with different modifiers stands in one map',
      detection: selection({ 'f|startswith': 'a', 'f|endswith': 'z', 'f|contains|all': ['m', 'n'] }),
      is: [{ f: 'amnz' }, { f: 'AnmZ' }],
      not: [{ f: 'amz' }, { f: 'mnz' }],
    },
    {
      clause: 'texts in a list are looked for in the whole event',
      detection: selection(['EVILSERVICE', 'svchost.exe -n evil']),
      is: [{ a: { b: ['the EvilService'] } }, { x: 'svchost.exe -N EVIL' }],
      not: [
        { a: 'evil', b: 'service' },
        { a: 'svchost.exe', b: '-n evil' },
      ],
    },
    {
      clause: "'|all' of keywords asks for each of them, in whichever fields they are",
      detection: selection({ '|all': ['OabVirtualDirectory', ' -ExternalUrl '] }),
      is: [
        { a: 'Set-OabVirtualDirectory -ExternalUrl x' },
        { a: 'oabvirtualdirectory', b: 'x -externalurl y' },
      ],
      not: [{ a: 'Set-OabVirtualDirectory' }, { a: 'OabVirtualDirectory', b: '-ExternalUrl' }],
    },
    {
      clause: 'a number in a list of texts, and a text that is a number',
      detection: selection({ EventID: [517, '1102'] }),
      is: [{ EventID: 517 }, { EventID: '517' }, { EventID: 1102 }, { EventID: '1102' }],
      not: [{ EventID: 5170 }, { EventID: '0517' }],
    },
    {
      clause: 'a hexadecimal text is a text',
      detection: selection({ TicketOptions: '0x17' }),
      is: [{ TicketOptions: '0X17' }],
      not: [{ TicketOptions: 23 }, { TicketOptions: '23' }],
    },
  ])('$clause', check);
});

describe('special values', () => {
  test.each<Case>([
    {
      clause: 'not null is a selection of its own, negated',
      detection: {
        selection: { EventID: 4738 },
        filter: { PasswordLastSet: null },
        condition: 'selection and not filter',
      },
      is: [
        { EventID: 4738, PasswordLastSet: 'x' },
        { EventID: 4738, PasswordLastSet: '' },
      ],
      not: [{ EventID: 4738 }, { EventID: 4738, PasswordLastSet: null }],
    },
    {
      clause: 'empty and null are apart, and 1 of them may be asked for',
      detection: {
        selection_main: { a: 'something' },
        selection_empty1: { b: '' },
        selection_empty2: { b: null },
        condition: 'selection_main and 1 of selection_empty*',
      },
      is: [{ a: 'something' }, { a: 'something', b: '' }, { a: 'Something', b: null }],
      not: [{ a: 'something', b: ' ' }, { b: '' }],
    },
    {
      clause: 'exists asks for the field, be it empty or null',
      detection: selection({ 'f|exists': true }),
      is: [{ f: '' }, { f: null }, { f: 0 }, { f: false }, { f: [] }],
      not: [{}, { F: 1 }],
    },
    {
      clause: 'exists: false beside other items of the map',
      detection: selection({ a: 1, 'f|exists': false }),
      is: [{ a: 1 }],
      not: [{ a: 1, f: null }, { f: 1 }],
    },
  ])('$clause', check);
  test('null in a list of values is refused', () => {
    expect(compileTexts([ruleText(selection({ b: ['', null] }))]).faults).toHaveLength(1);
  });
});

describe('modifiers, in the given order', () => {
  const base64 = (text: string, encoding: BufferEncoding = 'utf8'): string =>
    Buffer.from(text, encoding).toString('base64');
  const inside = (text: string, before: number): string =>
    Buffer.concat([Buffer.alloc(before, 'A'), Buffer.from(text, 'utf16le'), Buffer.from('tail')]).toString(
      'base64',
    );
  test.each<Case>([
    {
      clause: 'windash makes each of five characters each other',
      detection: selection({ 'f|windash|contains|all': [' -p ', ' /q'] }),
      is: [{ f: 'x \u2013p \u2015q' }, { f: 'x /p -Q' }, { f: 'x \u2014p /q' }],
      not: [{ f: 'x p q' }, { f: 'x +p /q' }, { f: 'x -p' }],
    },
    {
      clause: 'windash with a value that starts with the dash',
      detection: selection({ 'f|windash|startswith': '-enc' }),
      is: [{ f: '/ENC x' }, { f: '\u2014enc' }],
      not: [{ f: 'enc' }, { f: 'x -enc' }],
    },
    {
      clause: 'utf16le then base64offset, at each of the three offsets',
      detection: selection({ 'f|utf16le|base64offset|contains': 'http' }),
      is: [0, 1, 2].map((before) => ({ f: inside('http', before) })),
      not: [{ f: base64('http') }, { f: inside('ftp:', 0) }],
    },
    {
      clause: 'Base64 is compared without regard to case unless cased is said',
      detection: selection({ 'f|base64offset|contains|cased': 'foobar' }),
      is: [{ f: base64('foobar!') }],
      not: [{ f: base64('foobar!').toLowerCase() }],
    },
    {
      clause: 'utf16 puts the byte order mark in front',
      detection: selection({ 'f|utf16|base64|startswith': 'cmd' }),
      is: [
        { f: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('cmd', 'utf16le')]).toString('base64') },
      ],
      not: [{ f: base64('cmd', 'utf16le') }],
    },
    {
      clause: 're with its flags in any order; the rest of the pattern keeps its case',
      detection: selection({ 'f|re|s|i': '^A.b$' }),
      is: [{ f: 'a\nB' }],
      not: [{ f: 'aB' }, { f: 'xa\nB' }],
    },
    {
      clause: 're with all: each pattern somewhere',
      detection: selection({ 'f|re|all': ['a{2}', '[^a-z]$'] }),
      is: [{ f: 'baa1' }],
      not: [{ f: 'baa' }, { f: 'ba1' }],
    },
    {
      clause: 'cased together with a list and wildcards',
      detection: selection({ 'f|cased': ['Ab*', '?Z'] }),
      is: [{ f: 'Abc' }, { f: 'xZ' }],
      not: [{ f: 'abc' }, { f: 'xz' }],
    },
    {
      clause: 'neq of a list is none of them',
      detection: selection({ a: 1, 'f|neq': ['x', 'y*'] }),
      is: [{ a: 1, f: 'z' }],
      not: [
        { a: 1, f: 'X' },
        { a: 1, f: 'yes' },
      ],
    },
    {
      clause: 'neq of a number, also beside a list of the event',
      detection: selection({ 'f|neq': 5 }),
      is: [{ f: 6 }, { f: '6' }, { f: [6, 7] }],
      not: [{ f: 5 }, { f: '5' }, { f: [6, 5] }],
    },
    {
      clause: 'numbers compare as numbers, not as texts',
      detection: selection({ 'f|gte': 9, 'g|lt': 10 }),
      is: [
        { f: 10, g: 9.5 },
        { f: '10', g: '-3' },
      ],
      not: [
        { f: 8, g: 9 },
        { f: '10', g: '10' },
        { f: 'ten', g: 1 },
      ],
    },
    {
      clause: 'cidr of both families, compressed and mapped notations',
      detection: selection({ 'f|cidr': ['10.0.0.0/8', 'fe80::/10', '2001:db8:1::/48'] }),
      is: [{ f: '10.255.0.1' }, { f: 'FE80::1' }, { f: '2001:0db8:0001:0:0::5' }],
      not: [{ f: '11.0.0.1' }, { f: '2001:db8:2::1' }, { f: '::10.0.0.1' }, { f: '10.0.0.1/8' }],
    },
    {
      clause: 'fieldref compares two fields of the event; with neq they differ',
      detection: {
        same: { 'a|fieldref': 'b' },
        other: { 'c|fieldref|neq': 'd' },
        condition: 'same and other',
      },
      is: [{ a: 'X', b: 'x', c: 1, d: 2 }],
      not: [
        { a: 'X', b: 'x', c: 1, d: 1 },
        { a: 'X', c: 1, d: 2 },
      ],
    },
    {
      clause: 'parts of a date are numbers, and may be compared',
      detection: selection({ 't|hour|gte': 22, 't|month': [1, 12], 't|week|lt': 53 }),
      is: [{ t: '2024-12-24T23:59:59Z' }, { t: '2025-01-01 22:00:00' }],
      not: [{ t: '2024-12-24T21:59:59Z' }, { t: '2024-11-24T23:00:00Z' }, { t: 'December' }],
    },
  ])('$clause', check);
});

describe('placeholders', () => {
  const options = {
    placeholders: (name: string) => (name === 'name' ? ['v1', 'v2*'] : undefined),
  };
  test('are handled only where expand says so, and an escaped percent sign is one', () => {
    expect(matches({ f: '%name%' }, { f: '%NAME%' }, options)).toBe(true);
    expect(matches({ f: '%name%' }, { f: 'v1' }, options)).toBe(false);
    expect(matches({ 'f|expand': '%name%' }, { f: 'V2x' }, options)).toBe(true);
    expect(matches({ 'f|expand': '\\%plain%name%' }, { f: '%plainv1' }, options)).toBe(true);
    expect(matches({ 'f|expand': '\\%plain%name%' }, { f: 'v1' }, options)).toBe(false);
  });
  test('which no one resolves reject the rule', () => {
    expect(compileTexts([ruleText(selection({ 'f|expand': '%other%' }))], options).faults[0]?.what).toBe(
      'placeholder',
    );
  });
});

describe('condition', () => {
  const parts = { s_a: { a: 1 }, s_b: { b: 1 }, s_c: { c: 1 }, _hidden: { d: 1 } };
  test.each<Case>([
    {
      clause: '1 of them and all of them leave out names with an underscore in front',
      detection: { ...parts, condition: 'all of them' },
      is: [{ a: 1, b: 1, c: 1 }],
      not: [{ a: 1, b: 1, d: 1 }],
    },
    {
      clause: 'such a name may still be used by itself',
      detection: { ...parts, condition: '1 of them and _hidden' },
      is: [{ c: 1, d: 1 }],
      not: [{ d: 1 }, { c: 1 }],
    },
    {
      clause: 'a pattern has its stars anywhere',
      detection: { ...parts, condition: '1 of *_b or all of s*c' },
      is: [{ b: 1 }, { c: 1 }],
      not: [{ a: 1 }, { d: 1 }],
    },
    {
      clause: 'x of binds tighter than not, not than and, and than or',
      detection: { ...parts, condition: 's_a or s_b and not 1 of s_c*' },
      is: [{ a: 1, c: 1 }, { b: 1 }],
      not: [{ b: 1, c: 1 }],
    },
    {
      clause: 'parentheses come first, and words are words in any case',
      detection: { ...parts, condition: 'NOT (s_a OR s_b) AND s_c' },
      is: [{ c: 1 }],
      not: [{ a: 1, c: 1 }, {}],
    },
    {
      clause: 'a list of conditions is any of them',
      detection: { ...parts, condition: ['s_a and s_b', '_hidden'] },
      is: [{ a: 1, b: 1 }, { d: 1 }],
      not: [{ a: 1 }],
    },
    {
      clause: '2 of them counts selections, not values',
      detection: {
        x: { 'f|contains': ['a', 'b'] },
        y: { g: 1 },
        z: { h: 1 },
        condition: '2 of them',
      },
      is: [
        { f: 'a', g: 1 },
        { g: 1, h: 1 },
      ],
      not: [{ f: 'ab' }],
    },
  ])('$clause', check);
});

describe('filters', () => {
  const filter = (body: Record<string, unknown>): string =>
    JSON.stringify({ title: 'filter', logsource: { product: 'p' }, filter: body });
  const found = (texts: readonly string[], fields: Fields): string[] => {
    const compiled = compileTexts(texts);
    expect(compiled.faults).toEqual([]);
    return compiled.ruleset
      .matcher()
      .match(eventOf(fields))
      .map(({ rule }) => rule.id);
  };
  const rules = [
    ruleText(selection({ f: 'x' }), { id: 'one', name: 'first' }),
    ruleText({ selection: { f: 'x' }, other: { g: 'y' }, condition: '1 of them' }, { id: 'two' }),
  ];
  test('take away matches of the rules they list, several filters each for itself', () => {
    const texts = [
      ...rules,
      filter({ rules: ['first', 'two'], selection: { user: 'admin' }, condition: 'selection' }),
      filter({ rules: ['two'], keep: { host: 'h' }, condition: 'not keep' }),
    ];
    expect(found(texts, { f: 'x', host: 'h' })).toEqual(['one', 'two']);
    expect(found(texts, { f: 'x', host: 'h', user: 'admin' })).toEqual([]);
    expect(found(texts, { f: 'x' })).toEqual(['one']);
  });
  test('do not get into `them` of the rule, nor does a name of theirs', () => {
    const texts = [
      ...rules,
      filter({ rules: ['two'], selection: { f: 'x' }, other: { h: 1 }, condition: 'selection and other' }),
    ];
    expect(found(texts, { g: 'y' })).toEqual(['two']);
    expect(found(texts, { f: 'x', h: 1 })).toEqual(['one']);
    expect(found(texts, { h: 1 })).toEqual([]);
  });
  test('of a collection’s rule are those of its own document', () => {
    const collection =
      'action: global\ntitle: t\nlogsource: {product: p}\n---\nid: a\ndetection: {s: {f: 1}, condition: s}\n---\nid: b\ndetection: {s: {f: 1}, condition: s}\n';
    const texts = [collection, filter({ rules: ['b'], s: { g: 1 }, condition: 's' })];
    expect(found(texts, { f: 1, g: 1 })).toEqual(['a']);
  });
});
