import { describe, expect, test } from 'vitest';
import { faultOf, hits, matches } from './build.ts';

const fault = (key: string, value: unknown = 'x'): string | undefined =>
  faultOf({ selection: { [key]: value }, condition: 'selection' });

describe('strings', () => {
  test('are compared without regard to case, in all of Unicode', () => {
    expect(matches({ f: 'ÄÖ Test' }, { f: 'äö tEST' })).toBe(true);
    expect(matches({ f: 'kelvin' }, { f: '\u212aelvin' })).toBe(true);
    expect(matches({ 'f|cased': 'Test' }, { f: 'test' })).toBe(false);
    expect(matches({ 'f|contains|cased': 'Te' }, { f: 'a Test' })).toBe(true);
  });
  test('startswith, endswith and contains look where they say', () => {
    expect(matches({ 'f|startswith': 'C:\\Win' }, { f: 'c:\\windows' })).toBe(true);
    expect(matches({ 'f|startswith': 'win' }, { f: 'c:\\windows' })).toBe(false);
    expect(matches({ 'f|endswith': '\\cmd.exe' }, { f: 'C:\\x\\CMD.exe' })).toBe(true);
    expect(matches({ 'f|endswith': '\\cmd.exe' }, { f: 'C:\\x\\cmd.exe.txt' })).toBe(false);
    expect(matches({ 'f|contains': 'b' }, { f: 'abc' })).toBe(true);
  });
  test('a backslash escapes wildcards and itself, and stands for itself elsewhere', () => {
    expect(matches({ f: 'a\\*b' }, { f: 'a*b' })).toBe(true);
    expect(matches({ f: 'a\\*b' }, { f: 'axb' })).toBe(false);
    expect(matches({ f: 'a\\\\*' }, { f: 'a\\anything' })).toBe(true);
    expect(matches({ f: 'a\\\\\\*' }, { f: 'a\\*' })).toBe(true);
    expect(matches({ f: 'C:\\x' }, { f: 'C:\\x' })).toBe(true);
    for (const written of ['\\\\\\', '\\\\\\\\'])
      expect(matches({ f: `a${written}b` }, { f: 'a\\\\b' })).toBe(true);
  });
  test('wildcards cross line ends, and ? takes one character even beyond the basic plane', () => {
    expect(matches({ f: 'a*b' }, { f: 'a\n\nb' })).toBe(true);
    expect(matches({ f: 'a?b' }, { f: 'a😀b' })).toBe(true);
    expect(matches({ f: 'a??b' }, { f: 'a😀b' })).toBe(false);
    expect(matches({ f: '*a?c*e' }, { f: 'xxabcdde' })).toBe(true);
    expect(matches({ f: '*' }, { f: '' })).toBe(true);
    expect(matches({ f: '*' }, {})).toBe(false);
  });
  test('a list is any of its values, with all each of them', () => {
    expect(matches({ 'f|contains': ['aa', 'bb'] }, { f: 'xbbx' })).toBe(true);
    expect(matches({ 'f|contains|all': ['aa', 'bb'] }, { f: 'xbbx' })).toBe(false);
    expect(matches({ 'f|contains|all': ['aa', 'bb'] }, { f: 'xbbaax' })).toBe(true);
  });
  test('a list in the event is met by any of its elements', () => {
    expect(matches({ f: 'b' }, { f: ['a', 'b'] })).toBe(true);
    expect(matches({ 'f|contains|all': ['a', 'b'] }, { f: ['xa', 'xb'] })).toBe(true);
    expect(matches({ f: 'c' }, { f: [['a'], ['c']] })).toBe(true);
  });
});

describe('windash', () => {
  test('takes each flag with any of the five characters', () => {
    for (const dash of ['-', '/', '\u2013', '\u2014', '\u2015']) {
      expect(matches({ 'f|contains|windash': ' -enc' }, { f: `x ${dash}enc y` })).toBe(true);
      expect(matches({ 'f|contains|windash': ' /enc' }, { f: `x ${dash}enc y` })).toBe(true);
    }
  });
  test('leaves a dash inside a word alone, and mixes several flags freely', () => {
    expect(matches({ 'f|contains|windash': 'a-b' }, { f: 'a/b' })).toBe(false);
    expect(matches({ 'f|contains|windash': '-a -b' }, { f: '/a \u2014b' })).toBe(true);
  });
  test('with all, each value may be in any of its forms', () => {
    expect(matches({ 'f|contains|all|windash': ['-a', '-b'] }, { f: '/b \u2013a' })).toBe(true);
    expect(matches({ 'f|contains|all|windash': ['-a', '-b'] }, { f: '/a' })).toBe(false);
  });
});

describe('encodings', () => {
  test('base64 is the encoding of the whole value', () => {
    expect(matches({ 'f|base64': 'foobar' }, { f: 'Zm9vYmFy' })).toBe(true);
  });
  test('base64offset finds the value at every offset', () => {
    for (const before of ['', 'a', 'ab', 'abc']) {
      const text = Buffer.from(`${before}http://evil and more`).toString('base64');
      expect(matches({ 'f|base64offset|contains': 'http://evil' }, { f: text })).toBe(true);
    }
    expect(
      matches(
        { 'f|base64offset|contains': 'http://evil' },
        { f: Buffer.from('http://good').toString('base64') },
      ),
    ).toBe(false);
  });
  test('wide, utf16le, utf16be and utf16 go before Base64', () => {
    const le = Buffer.from('xIEXy', 'utf16le').toString('base64');
    expect(matches({ 'f|wide|base64offset|contains': 'IEX' }, { f: le })).toBe(true);
    expect(matches({ 'f|utf16le|base64offset|contains': 'IEX' }, { f: le })).toBe(true);
    const be = Buffer.from('cmd', 'utf16le').swap16();
    expect(matches({ 'f|utf16be|base64': 'cmd' }, { f: be.toString('base64') })).toBe(true);
    const bom = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('cmd', 'utf16le')]);
    expect(matches({ 'f|utf16|base64': 'cmd' }, { f: bom.toString('base64') })).toBe(true);
  });
  test('without Base64 the bytes are looked for as characters', () => {
    expect(matches({ 'f|wide|contains': 'cmd' }, { f: 'xc\u0000m\u0000d\u0000' })).toBe(true);
  });
  test('wildcards can not be encoded, and the order is from text to bytes to Base64', () => {
    expect(fault('f|base64', 'a*')).toBe('modifier-combination');
    expect(fault('f|base64|wide')).toBe('modifier-combination');
    expect(fault('f|contains|base64')).toBe('modifier-combination');
  });
});

describe('regular expressions', () => {
  test('search anywhere, case counts, and i, m and s do what they say', () => {
    expect(matches({ 'f|re': 'b+' }, { f: 'abbc' })).toBe(true);
    expect(matches({ 'f|re': 'B+' }, { f: 'abbc' })).toBe(false);
    expect(matches({ 'f|re|i': 'B+' }, { f: 'abbc' })).toBe(true);
    expect(matches({ 'f|re': '^b$' }, { f: 'a\nb\nc' })).toBe(false);
    expect(matches({ 'f|re|m': '^b$' }, { f: 'a\nb\nc' })).toBe(true);
    expect(matches({ 'f|re': 'a.b' }, { f: 'a\nb' })).toBe(false);
    expect(matches({ 'f|re|s': 'a.b' }, { f: 'a\nb' })).toBe(true);
    expect(matches({ 'f|re|i|m|s': '^B.C' }, { f: 'a\nb\nc' })).toBe(true);
  });
  test('a flag inside the pattern counts from there', () => {
    expect(matches({ 'f|re': 'x(?i)kelvin' }, { f: 'x\u212aELVIN' })).toBe(true);
    expect(matches({ 'f|re|i': 'powershell' }, { f: 'power\u017fhell' })).toBe(true);
  });
  test('a long line is counted, not automated', () => {
    expect(matches({ 'f|re': '.{1000,}' }, { f: `${'x'.repeat(999)}\n${'x'.repeat(999)}` })).toBe(false);
    expect(matches({ 'f|re': '.{1000,}' }, { f: 'x'.repeat(1000) })).toBe(true);
  });
  test('what RE2 can not run in linear time is refused by name', () => {
    for (const pattern of ['(a)\\1', '(?=a)b', '(?<!a)b', '(unclosed', 'a{2000}'])
      expect(fault('f|re', pattern)).toBe('regex');
  });
});

describe('numbers and times', () => {
  test('lt, lte, gt and gte compare by value, also numbers written as text', () => {
    expect(matches({ 'f|gt': 5 }, { f: 6 })).toBe(true);
    expect(matches({ 'f|gt': 5 }, { f: '6' })).toBe(true);
    expect(matches({ 'f|gte': 5.5 }, { f: 5.5 })).toBe(true);
    expect(matches({ 'f|lt': 5 }, { f: 5 })).toBe(false);
    expect(matches({ 'f|lte': 5 }, { f: 5 })).toBe(true);
    expect(matches({ 'f|lt': 5 }, { f: 'four' })).toBe(false);
    expect(matches({ 'f|lt': 5 }, {})).toBe(false);
    expect(fault('f|lt', 'four')).toBe('value');
  });
  test('a number is equal by value or by text', () => {
    expect(matches({ f: 4624 }, { f: '4624' })).toBe(true);
    expect(matches({ f: '4624' }, { f: 4624 })).toBe(true);
    expect(matches({ f: 1 }, { f: 1.0 })).toBe(true);
    expect(matches({ f: true }, { f: 'True' })).toBe(true);
    expect(matches({ f: 'true' }, { f: true })).toBe(true);
    expect(matches({ 'f|contains': 62 }, { f: 4624 })).toBe(true);
  });
  test('numbers beyond 2^53 keep their digits as text', () => {
    const text =
      '{title: t, id: r, logsource: {product: p}, detection: {s: {f: 9223372036854775807}, condition: s}}';
    expect(hits([text], { f: '9223372036854775807' }).length).toBe(1);
    expect(hits([text], { f: '9223372036854775808' }).length).toBe(0);
    // As a JSON number both are the same double.
    expect(hits([text], JSON.parse('{"f":9223372036854775807}')).length).toBe(1);
    expect(matches({ f: '9223372036854775807' }, { f: '9223372036854775807' })).toBe(true);
  });
  test('each part of a time is taken as it is written', () => {
    const f = '2024-12-30T23:05:59.123+10:00';
    expect(matches({ 'f|minute': 5 }, { f })).toBe(true);
    expect(matches({ 'f|hour': 23 }, { f })).toBe(true);
    expect(matches({ 'f|hour|gte': 22 }, { f })).toBe(true);
    expect(matches({ 'f|day': 30 }, { f })).toBe(true);
    expect(matches({ 'f|week': 1 }, { f })).toBe(true);
    expect(matches({ 'f|month': 12 }, { f })).toBe(true);
    expect(matches({ 'f|year|lt': 2025 }, { f })).toBe(true);
    expect(matches({ 'f|hour': 23 }, { f: '2024-12-30 23:05:59' })).toBe(true);
    for (const f of [1_735_560_359, 1_735_560_359_000, '1735560359', 1_735_560_359.25, '1735560359.25'])
      expect(matches({ 'f|year': 2024 }, { f })).toBe(true);
    for (const f of [86_400, '86400', -1_735_560_359, 1e30])
      expect(matches({ 'f|year|gte': 0 }, { f })).toBe(false);
    expect(matches({ 'f|year': 2024 }, { f: 'no date' })).toBe(false);
    expect(matches({ 'f|day': 31 }, { f: '2024-02-31' })).toBe(false);
    expect(fault('f|hour', 24)).toBe('value');
  });
});

describe('networks', () => {
  test('v4 and v6, by the bits of the prefix, valid addresses of the same family only', () => {
    expect(matches({ 'f|cidr': '10.0.0.0/8' }, { f: '10.255.1.1' })).toBe(true);
    expect(matches({ 'f|cidr': '192.168.4.0/22' }, { f: '192.168.8.1' })).toBe(false);
    expect(matches({ 'f|cidr': '2001:db8::/32' }, { f: '2001:db8:0:1::5' })).toBe(true);
    expect(matches({ 'f|cidr': 'fe80::/10' }, { f: 'febf::1' })).toBe(true);
    expect(matches({ 'f|cidr': '::ffff:0:0/96' }, { f: '::ffff:1.2.3.4' })).toBe(true);
    expect(matches({ 'f|cidr': '::/0' }, { f: '1.2.3.4' })).toBe(false);
    for (const f of ['10.0.0', '10.0.0.256', '010.0.0.1', '10.0.0.1 ', 'x'])
      expect(matches({ 'f|cidr': '10.0.0.0/8' }, { f })).toBe(false);
    for (const text of ['10.0.0.0/33', 'x/8', '10.0.0/8']) expect(fault('f|cidr', text)).toBe('cidr');
  });
});

describe('fields', () => {
  test('exists asks for the field, not for its value', () => {
    for (const f of [null, '', 0]) expect(matches({ 'f|exists': true }, { f })).toBe(true);
    expect(matches({ 'f|exists': true }, {})).toBe(false);
    expect(matches({ 'f|exists': false }, { g: 1 })).toBe(true);
    expect(matches({ 'f|exists': true }, { f: undefined })).toBe(false);
    expect(fault('f|exists', 'yes')).toBe('value');
  });
  test('null is absent or JSON null, the empty text is neither', () => {
    expect(matches({ f: null }, {})).toBe(true);
    expect(matches({ f: null }, { f: null })).toBe(true);
    expect(matches({ f: null }, { f: '' })).toBe(false);
    expect(matches({ f: '' }, { f: '' })).toBe(true);
    expect(matches({ f: '' }, {})).toBe(false);
    expect(fault('f', ['a', null])).toBe('value');
  });
  test('neq is the opposite, of a list and of an absent field too', () => {
    expect(matches({ 'f|neq': ['a', 'b'] }, { f: 'c' })).toBe(true);
    expect(matches({ 'f|neq': ['a', 'b'] }, { f: 'B' })).toBe(false);
    expect(matches({ 'f|neq': 5 }, { f: 5 })).toBe(false);
    expect(matches({ 'f|neq': 'a' }, {})).toBe(true);
    expect(matches({ 'f|fieldref|neq': 'g' }, { f: 'a', g: 'b' })).toBe(true);
  });
  test('fieldref compares two fields, also in part', () => {
    expect(matches({ 'f|fieldref': 'g' }, { f: 'Ab', g: 'aB' })).toBe(true);
    expect(matches({ 'f|fieldref|cased': 'g' }, { f: 'Ab', g: 'aB' })).toBe(false);
    expect(matches({ 'f|fieldref|startswith': 'g' }, { f: 'abc', g: 'AB' })).toBe(true);
    expect(matches({ 'f|fieldref': 'g' }, { f: 'a' })).toBe(false);
  });
  test('a literal dotted key wins over the path, and a path walks objects and lists', () => {
    expect(matches({ 'a.b': 'x' }, { 'a.b': 'x', a: { b: 'y' } })).toBe(true);
    expect(matches({ 'a.b': 'y' }, { 'a.b': 'x', a: { b: 'y' } })).toBe(false);
    expect(matches({ 'a.b.c': 'z' }, { a: [{ b: { c: 'y' } }, { b: [{ c: 'z' }] }] })).toBe(true);
    expect(matches({ 'constructor.name': '*' }, { f: 1 })).toBe(false);
  });
});

describe('placeholders', () => {
  const options = { placeholders: (name: string) => (name === 'Servers' ? ['srv*', 'db1'] : undefined) };
  test('are replaced by their values, wildcards included', () => {
    expect(matches({ 'f|expand': '%Servers%' }, { f: 'SRV17' }, options)).toBe(true);
    expect(matches({ 'f|expand': 'x-%Servers%' }, { f: 'x-db1' }, options)).toBe(true);
    expect(matches({ 'f|re|expand': '^%Servers%$' }, { f: 'srv*' }, options)).toBe(true);
    expect(matches({ 'f|expand': '\\%Servers\\%' }, { f: '%Servers%' }, options)).toBe(true);
    expect(matches({ f: '%Servers%' }, { f: '%Servers%' }, options)).toBe(true);
  });
  test('without values the rule is rejected', () => {
    expect(fault('f|expand', '%Servers%')).toBe('placeholder');
  });
});

test('unknown modifiers and combinations that mean nothing are refused', () => {
  expect(fault('f|containz')).toBe('unknown-modifier');
  for (const key of [
    'f|contains|startswith',
    'f|re|cidr',
    'f|i',
    'f|i|re',
    'f|re|windash',
    'f|cidr|contains',
    'f|lt|gt',
    'f|hour|day',
    'f|contains|contains',
    'f|cased|lt',
    'f|re|cased|i',
    'f|exists|all',
  ]) {
    expect([key, fault(key)]).toEqual([key, 'modifier-combination']);
  }
});
