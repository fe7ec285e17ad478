import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  automatonEngine,
  compile,
  createRecogniser,
  loadCompiled,
  nativeEngine,
  saveCompiled,
} from '../src/index.ts';
import { corpus, lines, ruleFiles } from './corpus.ts';
import { compileTexts, eventOf, ruleText } from './build.ts';

/*
 * V8's own engine stands in for the native `re2`, which is compiled against whichever Node ran its install: another
 * implementation altogether, given the same way. Never for rules of others: it is not linear.
 */
const other = nativeEngine((source, flags) => new RegExp(source, flags), automatonEngine);
const patterns = [
  'a+b',
  '^c:\\\\',
  'exe$',
  '(ab){2,}',
  '[^a-c]+x',
  '\\d{2,4}',
  'a.b',
  '(?:k|s)z',
  '\\bab\\b',
  '^b$',
];

describe('an injected engine', () => {
  test('gives the answers of the one that comes along', () => {
    const flags = ['', '|i', '|m', '|s', '|i|m|s'];
    const texts = patterns.flatMap((pattern) =>
      flags.map((flag, at) =>
        ruleText({ s: { [`f|re${flag}`]: pattern }, condition: 's' }, { id: `${pattern} ${at}` }),
      ),
    );
    const own = compileTexts(texts).ruleset.matcher();
    const given = compileTexts(texts, { regex: other }).ruleset.matcher();
    const word = fc
      .array(fc.constantFrom('a', 'b', 'A', 'B', 'c:\\', 'x', 'exe', '12', '\n', 'k', 'z', ' '), {
        maxLength: 8,
      })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(word, (f) => {
        const ids = (found: ReturnType<typeof own.match>): string[] => found.map(({ rule }) => rule.id);
        expect(ids(given.match(eventOf({ f })))).toEqual(ids(own.match(eventOf({ f }))));
      }),
      { numRuns: 300 },
    );
  });
  test('is asked, and what it does not understand goes to the one that comes along', () => {
    const asked: string[] = [];
    const choosy = nativeEngine((source, flags) => {
      asked.push(source);
      if (source.includes('(?i)')) throw new SyntaxError('no flags inside');
      return new RegExp(source, flags);
    }, automatonEngine);
    const matcher = compileTexts(
      [
        ruleText({ s: { 'f|re': 'a+b' }, condition: 's' }, { id: 'one' }),
        ruleText({ s: { 'f|re': '(?i)a+b' }, condition: 's' }, { id: 'two' }),
      ],
      { regex: choosy },
    ).ruleset.matcher();
    expect(matcher.match(eventOf({ f: 'xAAB' })).map(({ rule }) => rule.id)).toEqual(['two']);
    expect(asked.sort()).toEqual(['(?i)a+b', 'a+b']);
  });
  test('does not change which rules are refused', () => {
    const text = ruleText({ s: { 'f|re': '(a)\\1' }, condition: 's' });
    expect(compileTexts([text], { regex: other }).faults.map(({ what }) => what)).toEqual(['regex']);
  });
  test('is paid for before it runs: a text too long for the funds is told', () => {
    const matcher = compileTexts([ruleText({ s: { 'f|re': '[ab]x' }, condition: 's' })], {
      regex: other,
    }).ruleset.matcher({ limits: { work: 30_000 } });
    expect(matcher.match(eventOf({ f: `${'a'.repeat(4000)}bx` }))).toEqual([]);
    expect(matcher.statistics().undecided).toBe(1);
  });
  test('survives that the rule set is saved and loaded', () => {
    const compiled = compileTexts([ruleText({ s: { 'f|re': 'a+b' }, condition: 's' })]);
    const loaded = loadCompiled(saveCompiled(compiled, 'k'), 'k', { regex: other });
    expect(loaded?.ruleset.matcher().match(eventOf({ f: 'aab' }))).toHaveLength(1);
  });
});

test.skipIf(corpus === undefined)(
  'an injected engine finds the same in recorded events as the one that comes along',
  { timeout: 120_000 },
  async () => {
    const files = ruleFiles();
    const own = compile(files).ruleset.matcher();
    const given = compile(files, { regex: other }).ruleset.matcher();
    const recognise = createRecogniser();
    let hits = 0;
    for await (const line of lines(`${corpus}/events/windows-evtx-attack-samples.ndjson.gz`)) {
      const event = recognise(JSON.parse(line));
      if (event.format === 'unreadable') continue;
      const ids = own.match(event).map(({ rule }) => rule.id);
      hits += ids.length;
      expect(given.match(event).map(({ rule }) => rule.id)).toEqual(ids);
    }
    expect(hits).toBeGreaterThan(1000);
  },
);
