import { describe, expect, test } from 'vitest';
import type { SigmaEvent } from '../src/index.ts';
import { defaultEventLimits, reasons, reasonsBudget } from '../src/index.ts';
import { compileTexts, eventOf, matches, ruleText } from './build.ts';
import { hostileCorpus, matcherOf } from './hostile-events.ts';

const rule = ruleText({ s: { 'f|contains': 'needle' }, k: ['keyword'], condition: '1 of them' });
const nested = (depth: number, inner: unknown): unknown => {
  let value = inner;
  for (let at = 0; at < depth; at++) value = at % 2 === 0 ? { x: value } : [value];
  return value;
};

describe('events of every shape get an answer', () => {
  const matcher = compileTexts([rule]).ruleset.matcher();
  const match = (fields: unknown): number =>
    matcher.match({ fields, logsources: [{ product: 'p' }], routeKey: 'p' } as SigmaEvent).length; // Wrong on purpose.
  test('lists and scalars in place of fields match nothing of a field', () => {
    for (const fields of [[], ['needle'], 'needle', 5, true, null, undefined]) expect(match(fields)).toBe(0);
  });
  test('5,000 fields, 100 levels, lone surrogates, NUL and numbers beyond 2^53', () => {
    const wide: Record<string, unknown> = Object.fromEntries(
      Array.from({ length: 5000 }, (_, at) => [`field${at}`, `value ${at}`]),
    );
    expect(match(wide)).toBe(0);
    expect(match({ ...wide, f: 'a needle' })).toBe(1);
    expect(match({ ...wide, last: 'the keyword' })).toBe(1);
    expect(match({ a: nested(100, 'a keyword') })).toBe(1);
    expect(match({ f: '\ud800needle\udc00' })).toBe(1);
    expect(match({ f: 'a\u0000needle\u0000' })).toBe(1);
    expect(match({ f: 2 ** 53 + 2, g: -9_223_372_036_854_775_808 })).toBe(0);
  });
  test('beyond the depth that is looked at the event is told to be truncated', () => {
    expect(match({ a: nested(3000, 'a keyword') })).toBe(0);
    expect(matcher.truncated).toBe(true);
    expect(match({ a: 'a keyword' })).toBe(1);
    expect(matcher.truncated).toBe(false);
  });
  test('names of the language are fields like others', () => {
    const fields = JSON.parse('{"__proto__":"needle","constructor":"x","toString":"y"}') as Record<
      string,
      unknown
    >; // An object.
    expect(matches({ __proto__: null, toString: 'y' }, fields)).toBe(true);
    expect(matches({ toString: '*' }, {})).toBe(false);
    expect(matches({ constructor: null }, {})).toBe(true);
    expect(matches(JSON.parse('{"__proto__|contains":"need"}'), fields)).toBe(true);
  });
});

describe('a long value', () => {
  const long = 'x'.repeat(10 * 1024 * 1024);
  test('keeps both its ends, and what was not looked at is told', () => {
    const matcher = compileTexts([
      ruleText({ s: { 'f|startswith': 'begin' }, condition: 's' }, { id: 'start' }),
      ruleText({ s: { 'f|endswith': 'end' }, condition: 's' }, { id: 'end' }),
      ruleText({ s: { 'f|contains': 'middle' }, condition: 's' }, { id: 'middle' }),
    ]).ruleset.matcher();
    const found = matcher.match(eventOf({ f: `begin${long}middle${long}end` })).map((hit) => hit.rule.id);
    expect(found).toEqual(['start', 'end']);
    expect(matcher.truncated).toBe(true);
    expect(matcher.match(eventOf({ f: 'a middle' })).map((hit) => hit.rule.id)).toEqual(['middle']);
    expect(matcher.truncated).toBe(false);
    expect(matcher.statistics().truncated).toBe(1);
  });
  test('costs a hostile regex no more than its share, and that is told', () => {
    const matcher = compileTexts([
      ruleText({ s: { 'f|re': '(a|b)*a(a|b){400}c' }, condition: 's' }),
    ]).ruleset.matcher();
    let seed = 1;
    const letters = Array.from({ length: 300_000 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed > 1_073_741_824 ? 'a' : 'b';
    }).join('');
    expect(matcher.match(eventOf({ f: `c${letters}` }))).toEqual([]);
    expect(matcher.truncated).toBe(true);
  });
});

test('a matcher that saw a hostile event answers the next one as before', () => {
  const matcher = compileTexts([rule]).ruleset.matcher();
  for (const f of ['needle', 'x'.repeat(9_000_000), 'needle', '\ud800'.repeat(100_000), 'nee\u0001dle'])
    matcher.match(eventOf({ f }));
  expect(matcher.match(eventOf({ f: 'NEEDLE' })).length).toBe(1);
  expect(matcher.match(eventOf({ f: 'nee' })).length).toBe(0);
  const counts = matcher.statistics();
  expect(counts.events).toBe(7);
  expect(counts.rules[0]?.hits).toBe(3);
});

// Work is paid for before it is done, in units whose worst price is known: what they take is measured by the bench.
describe('no event costs more than its units', () => {
  test.each(hostileCorpus(0.1))('$name', (hostile) => {
    const matcher = matcherOf(hostile);
    matcher.match(hostile.event);
    const { spent } = matcher;
    expect(spent).toBeLessThanOrEqual(defaultEventLimits.work);
    // The same event costs the same: nothing hangs on the clock or on how busy the machine is.
    const again = matcherOf(hostile);
    again.match(hostile.event);
    expect(again.spent).toBe(spent);
    expect(again.truncated).toBe(matcher.truncated);
  });
  test('saying why for many rules costs no more than for one', () => {
    const hostile = hostileCorpus(0.1).find(({ name }) => name.startsWith('two hundred'));
    if (!hostile) throw new Error('it is among them');
    const hits = matcherOf(hostile).match(hostile.event);
    expect(hits.length).toBeGreaterThan(10);
    const budget = reasonsBudget();
    const said = hits.map(({ rule: hit }) => reasons(hit, hostile.event, budget));
    expect(budget.funds.left).toBeGreaterThanOrEqual(0);
    expect(said.every((lines) => lines.length === 2)).toBe(true);
    // Another event has all of it again.
    const [first] = hits;
    if (!first) throw new Error('there is one');
    expect(reasons(first.rule, eventOf({ f: 'Σ', g: 'b' }), budget)).toHaveLength(2);
  });
  test('where each rule has a long text of its own the first are told, and the rest come without', () => {
    const fields = Object.fromEntries(
      Array.from({ length: 50 }, (_, at) => [`f${at}`, `${'Σ'.repeat(20_000)}${at}needle`]),
    );
    const { ruleset } = compileTexts(
      Object.keys(fields).map((field) =>
        ruleText({ s: { [`${field}|endswith`]: 'needle' }, condition: 's' }, { id: field }),
      ),
    );
    const budget = reasonsBudget();
    const event = eventOf(fields);
    const said = ruleset.rules.map((each) => reasons(each, event, budget).length);
    expect(said).toHaveLength(50);
    expect(said[0]).toBe(1);
    expect(said.at(-1)).toBe(0);
    expect(budget.funds.left).toBeGreaterThanOrEqual(0);
  });
  test('a rule of five thousand hashes says which of them it found', () => {
    const hashes = Array.from({ length: 5000 }, (_, at) => `MD5=${String(at).padStart(32, 'a')}`);
    const { ruleset } = compileTexts([
      ruleText({ s: { 'Hashes|contains': hashes, 'Image|endswith': '.sys' }, condition: 's' }),
    ]);
    const event = eventOf({
      Image: 'C:\\d.sys',
      Hashes: `SHA1=${'b'.repeat(40)},${hashes.at(-1)},IMPHASH=${'c'.repeat(80)}`,
    });
    const [hit] = ruleset.matcher().match(event);
    if (!hit) throw new Error('it is true of the event');
    expect(reasons(hit.rule, event).map(({ field }) => field)).toEqual(['Hashes', 'Image']);
  });
  test('a rule that could not be decided is counted, and told with the event', () => {
    const matcher = compileTexts([
      ruleText({ s: { 'f|re': '(a|b)*a(a|b){400}c' }, condition: 's' }, { id: 'costly' }),
      ruleText({ s: { 'f|endswith': 'c' }, condition: 's' }, { id: 'cheap' }),
    ]).ruleset.matcher();
    const costly = hostileCorpus(0.1).find(({ name }) => name.startsWith('regexes whose'));
    const f = String(costly?.event.fields['f']);
    expect(matcher.match(eventOf({ f: `${f}c` })).map(({ rule: { id } }) => id)).toEqual(['cheap']);
    expect(matcher.truncated).toBe(true);
    const { undecided, rules } = matcher.statistics();
    expect(undecided).toBe(1);
    expect(rules.map((count) => count.undecided)).toEqual([1, 0]);
  });
  test('a negation over what could not be decided does not make a match', () => {
    const matcher = compileTexts([
      ruleText({ s: { g: 'x' }, t: { 'f|re': '(a|b)*a(a|b){400}c' }, condition: 's and not t' }),
    ]).ruleset.matcher();
    const costly = hostileCorpus(0.1).find(({ name }) => name.startsWith('regexes whose'));
    const f = String(costly?.event.fields['f']);
    expect(matcher.match(eventOf({ f, g: 'x' }))).toEqual([]);
    expect(matcher.statistics().undecided).toBe(1);
  });
});
