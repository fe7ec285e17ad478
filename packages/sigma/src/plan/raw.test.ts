import { describe, expect, test } from 'vitest';
import { compileTexts, eventOf, ruleText } from '../../test/build.ts';
import { rawIndex, RawScan } from './raw.ts';

const scanFor = (...texts: string[]): RawScan => {
  const index = rawIndex(texts.map((text, id) => ({ text, field: -1, id })));
  if (index === null) throw new Error('these say too little');
  return new RawScan(index);
};

describe('the line an event was parsed from', () => {
  test('says no only where no value can hold a keyword', () => {
    const scan = scanFor('sekurlsa::', '\\mimilib.dll', 'kiwi "legit" printer');
    const may = (json: string): boolean => scan.mayHold(json);
    expect(may('{"a":"harmless","b":["c:\\\\users\\\\x",1,true]}')).toBe(false);
    expect(may('{"a":"xx SEKURLSA::logonpasswords"}')).toBe(true);
    expect(may('{"a":{"b":["C:\\\\Windows\\\\MimiLib.dll"]}}')).toBe(true);
    expect(may('{"a":"kiwi \\"legit\\" printer"}')).toBe(true);
    for (let before = 0; before < 9; before++) expect(may(`${'x'.repeat(before)}sekurlsa::`)).toBe(true);
  });
  test('written with escapes by number it may say anything, and does not say no', () => {
    const scan = scanFor('sekurlsa::');
    for (let before = 0; before < 9; before++) {
      const pad = 'x'.repeat(before);
      expect(scan.mayHold(`{"${pad}":"\\u0073ekurlsa::"}`)).toBe(true);
      // An escaped backslash with a letter behind it is no escape.
      expect(scan.mayHold(`{"${pad}":"c:\\\\users"}`)).toBe(false);
      expect(scan.mayHold(`{"${pad}":"c:\\\\\\u0073"}`)).toBe(true);
    }
  });
  test('beyond Latin-1, or very long, it is not asked', () => {
    const scan = scanFor('sekurlsa::');
    expect(scan.mayHold('{"a":"\u212aelvin"}')).toBe(true);
    expect(scan.mayHold(`{"a":"${'x'.repeat(70_000)}"}`)).toBe(true);
  });
  test('is left alone for a while where most of them hold a keyword', () => {
    const scan = scanFor('sekurlsa::');
    for (let at = 0; at < 300; at++) expect(scan.mayHold('{"a":"sekurlsa::"}')).toBe(true);
    expect(scan.mayHold('{"a":"harmless"}')).toBe(true);
  });
  test('is of no use for keywords of one or two plain characters', () => {
    expect(rawIndex([{ text: '\\a"', field: -1, id: 0 }])).toBeNull();
    expect(rawIndex([])).toBeNull();
  });
});

test('a matcher gives the same answers with the line and without it, event after event', () => {
  const texts = [
    ruleText({ k: ['lsadump::', 'a\\b"c/d'], condition: 'k' }, { id: 'keywords' }),
    ruleText({ k: { '|all': ['first word', 'second word'] }, condition: 'k' }, { id: 'all' }),
    ruleText({ s: { f: 'value' }, k: ['third word'], condition: 's and not k' }, { id: 'not' }),
    ruleText({ k: { '|re': 'fou?rth w[o0]rd' }, condition: 'k' }, { id: 're' }),
  ];
  const events: Record<string, unknown>[] = [
    { f: 'value', g: 'nothing' },
    { f: 'value', g: 'the THIRD word' },
    { f: 'value', g: 'nothing' },
    { g: { h: ['x', 'LSADUMP::sam'] } },
    { g: 'a\\B"c/D' },
    { f: 'first word', g: 'second word' },
    { f: 'first word' },
    { f: 'lsadump::' },
    { f: 'LSADUMP::' },
    { g: 'forth w0rd' },
    { f: 'first word\n', g: 'second word\u2028' },
  ];
  const without = compileTexts(texts).ruleset.matcher();
  const withLine = compileTexts(texts).ruleset.matcher();
  const found: (string | undefined)[][] = [];
  for (const fields of [...events, ...events, ...events]) {
    const ids = without.match(eventOf(fields)).map(({ rule }) => rule.id);
    expect(withLine.match(eventOf(fields), JSON.stringify(fields)).map(({ rule }) => rule.id)).toEqual(ids);
    found.push(ids);
  }
  expect(found.slice(0, 11)).toEqual([
    ['not'],
    [],
    ['not'],
    ['keywords'],
    ['keywords'],
    ['all'],
    [],
    ['keywords'],
    ['keywords'],
    ['re'],
    ['all'],
  ]);
});
