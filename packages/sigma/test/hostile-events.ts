import type { SigmaEvent } from '../src/index.ts';
import { compileTexts, eventOf, ruleText } from './build.ts';

/** Rules and events made to cost as much as they can. */
export type Hostile = {
  readonly name: string;
  readonly rules: readonly string[];
  readonly event: SigmaEvent;
};

const mega = 1024 * 1024;

/** Letters without a period, the same every time. */
function letters(length: number, alphabet = 'ab'): string {
  let seed = 1;
  return Array.from({ length }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return alphabet[Math.floor((seed / 2_147_483_648) * alphabet.length)];
  }).join('');
}

const rule = (selection: unknown, id: string): string =>
  ruleText({ selection, condition: 'selection' }, { id });
const manyRules = (count: number, selection: (at: number) => unknown): string[] =>
  Array.from({ length: count }, (_, at) => rule(selection(at), `r${at}`));

/** @param scale 1 is ten megabytes an event */
export function hostileCorpus(scale = 1): readonly Hostile[] {
  const ten = Math.floor(10 * mega * scale);
  const random = letters(Math.floor(ten / 8));
  const make = (name: string, rules: readonly string[], fields: Record<string, unknown>): Hostile => ({
    name,
    rules,
    event: eventOf(fields),
  });
  return [
    make(
      'ten megabytes of one letter',
      manyRules(50, (at) => ({ 'f|contains': `${'a'.repeat(8)}${at}` })),
      {
        f: 'a'.repeat(ten),
      },
    ),
    make(
      'the same in a hundred fields, all of them hits of the index',
      manyRules(100, (at) => ({ [`f${at}|contains`]: 'aaaaaaaa', [`f${at}|endswith`]: 'b' })),
      Object.fromEntries(
        Array.from({ length: 100 }, (_, at) => [`f${at}`, 'a'.repeat(Math.floor(ten / 100))]),
      ),
    ),
    make(
      'a thousand literals behind one hash',
      manyRules(1000, (at) => ({ 'f|contains': `zzzzzzzz${at}zzzzzzzz` })),
      { f: 'z'.repeat(ten) },
    ),
    make(
      'searches that take text times pattern',
      manyRules(200, (at) => ({
        'f|contains|cased': [`${'a'.repeat(1000)}b${'a'.repeat(1000 + at)}`, `aaaaa${at}`],
      })),
      { f: 'a'.repeat(ten) },
    ),
    make(
      'twenty thousand values that no index takes',
      [rule({ 'f|contains|cased': Array.from({ length: 15_000 }, (_, at) => `aaaaa${at}`) }, 'many')],
      { f: 'a'.repeat(4096) },
    ),
    make(
      'wildcards with gaps',
      manyRules(100, (at) => ({ f: `*a?a?a?a?a?a?a?a?b${at}*a?c*` })),
      { f: 'a'.repeat(ten) },
    ),
    make(
      'regexes whose automaton has a state for every character',
      manyRules(50, (at) => ({ 'f|re': `(a|b)*a(a|b){${400 + at}}c` })),
      { f: `c${random}` },
    ),
    make(
      'regexes over a long text',
      manyRules(300, (at) => ({ 'f|re': `[ab]{3}x${at}?y` })),
      { f: `y${random}` },
    ),
    make(
      'ten megabytes of sigmas',
      manyRules(50, (at) => ({ 'f|contains': `σσσσ${at}` })),
      { f: 'Σ'.repeat(ten) },
    ),
    make(
      'thirty thousand fields and keywords',
      [ruleText({ k: ['needle', '*ab?cd*'], condition: 'k' }, { id: 'k' })],
      Object.fromEntries(
        Array.from({ length: Math.floor(30_000 * scale) }, (_, at) => [`key ${at}`, `value ${at}`]),
      ),
    ),
    make(
      'lists of thirty thousand values',
      [
        ruleText(
          { k: ['needle', 'nidle'], s: { 'f|cased|contains': 'x' }, condition: 'k or s' },
          { id: 'k' },
        ),
      ],
      {
        f: Array.from({ length: Math.floor(15_000 * scale) }, (_, at) => `value ${at}`),
        g: Array.from({ length: Math.floor(15_000 * scale) }, (_, at) => at),
      },
    ),
    make(
      'a field beside another, both lists',
      manyRules(50, () => ({ 'f|fieldref|contains': 'g' })),
      {
        f: Array.from({ length: 1000 }, (_, at) => `${'a'.repeat(5000)}${at}`),
        g: Array.from({ length: 1000 }, (_, at) => `${'a'.repeat(2000)}b${at}`),
      },
    ),
    make(
      'two hundred rules that are true of a long text, and why',
      manyRules(200, (at) => ({ 'f|startswith': 'Σ', 'g|startswith': `b${'a'.repeat(at)}` })),
      { f: 'Σ'.repeat(ten / 2), g: `b${'a'.repeat(ten / 2)}` },
    ),
    make(
      'rules that are true of long lists, and why',
      manyRules(200, () => ({ 'f.g|contains': 'x', 'f|exists': false })),
      { h: 1, 'f.g': Array.from({ length: Math.floor(15_000 * scale) }, (_, at) => `value ${at}x`) },
    ),
    make(
      'keywords over long texts',
      Array.from({ length: 100 }, (_, at) =>
        ruleText({ k: [`*aaaa?aaaa${at}*`, `aaaaa${at}`], condition: 'k' }, { id: `k${at}` }),
      ),
      { f: 'a'.repeat(ten / 2), g: 'aaaa'.repeat(ten / 8) },
    ),
  ];
}

export function matcherOf(hostile: Hostile) {
  const compiled = compileTexts(hostile.rules);
  const [fault] = compiled.faults;
  if (fault) throw new Error(`${hostile.name}: ${fault.why}`);
  return compiled.ruleset.matcher();
}
