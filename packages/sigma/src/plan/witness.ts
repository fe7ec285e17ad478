import type { Condition, FieldItem, KeywordItem, PatternPart, Rule, Selection, Test } from '../ast.ts';
import { commonTexts, longLiteral, separator, shortestLiteral } from './literals.ts';
import { requiredLiterals } from '../values/required.ts';

/**
 * What must be seen in an event before a rule can be true: any one of its witnesses. A rule that shows none is not
 * looked at. Too many is only slow; one too few would be a match lost.
 */
export type Witness =
  /** The text stands in a value of the field (of any field: null). Holds the separator where a value starts or ends. */
  | { readonly kind: 'literal'; readonly field: string | null; readonly text: string }
  /** The empty value, which no literal can stand for. */
  | { readonly kind: 'exact'; readonly field: string; readonly text: string }
  | { readonly kind: 'number'; readonly field: string; readonly value: number }
  /** Some scanned value has a character beyond Latin-1, and this field is scanned (null: every one). */
  | { readonly kind: 'wide'; readonly field: string | null }
  | { readonly kind: 'present'; readonly field: string };

/** How often a witness is expected to be seen in an event, 0 to 1; 1 for what nothing is known of. */
export type Expect = (witness: Witness) => number;

type Choice = { readonly witnesses: readonly Witness[]; readonly cost: number };

/** @returns undefined where the rule may be true of an event with nothing in it */
export function chooseWitnesses(rule: Rule, expect: Expect): readonly Witness[] | undefined {
  return ofCondition(rule.detection.condition, rule, expect)?.witnesses;
}

function ofCondition(condition: Condition, rule: Rule, expect: Expect): Choice | undefined {
  switch (condition.kind) {
    case 'not':
      return undefined;
    case 'selection': {
      const selection = rule.detection.selections[condition.name];
      return selection && ofSelection(selection, expect);
    }
    case 'and':
      return cheapest(condition.of.map((part) => ofCondition(part, rule, expect)));
    case 'or':
      return union(condition.of.map((part) => ofCondition(part, rule, expect)));
    case 'atLeast': {
      // With n of m true, any m-n+1 of them hold at least one that is.
      const parts = condition.of.map((part) => ofCondition(part, rule, expect));
      const sorted = parts.toSorted(
        (left, right) => (left?.cost ?? Number.MAX_VALUE) - (right?.cost ?? Number.MAX_VALUE),
      );
      return union(sorted.slice(0, condition.of.length - condition.count + 1));
    }
  }
}

function ofSelection(selection: Selection, expect: Expect): Choice | undefined {
  switch (selection.kind) {
    case 'and':
      return cheapest(selection.of.map((part) => ofSelection(part, expect)));
    case 'or':
      return union(selection.of.map((part) => ofSelection(part, expect)));
    default:
      return ofItem(selection, expect);
  }
}

function ofItem(item: FieldItem | KeywordItem, expect: Expect): Choice | undefined {
  if (item.negated) return undefined;
  const field = item.kind === 'field' ? item.field : null;
  const choices = item.tests.map((test) => ofTest(test, field, expect));
  return item.join === 'all' ? cheapest(choices) : union(choices);
}

function cheapest(choices: readonly (Choice | undefined)[]): Choice | undefined {
  let best: Choice | undefined;
  for (const choice of choices) if (choice && (!best || choice.cost < best.cost)) best = choice;
  return best;
}

function union(choices: readonly (Choice | undefined)[]): Choice | undefined {
  const witnesses: Witness[] = [];
  let cost = 0;
  for (const choice of choices) {
    if (!choice) return undefined;
    witnesses.push(...choice.witnesses);
    cost += choice.cost;
  }
  return { witnesses, cost };
}

export function ofTest(test: Test, field: string | null, expect: Expect): Choice | undefined {
  const choice = (witnesses: readonly Witness[]): Choice => ({
    witnesses,
    cost: witnesses.reduce((sum, witness) => sum + expect(witness), 0),
  });
  const present = field === null ? undefined : choice([{ kind: 'present', field }]);
  const literal = (text: string): Choice | undefined => {
    // Lower-casing makes no Latin-1 text leave Latin-1, so such a literal needs a value that is not Latin-1.
    if (/[\u0100-\uffff]/.test(text)) return choice([{ kind: 'wide', field }]);
    return text.length >= shortestLiteral ? choice([{ kind: 'literal', field, text }]) : present;
  };
  const whole = (text: string): Choice | undefined => {
    if (text !== '') return literal(separator + text + separator);
    return field === null ? undefined : choice([{ kind: 'exact', field, text }]);
  };
  switch (test.kind) {
    case 'equals':
    case 'startsWith':
    case 'endsWith':
    case 'contains': {
      const text = sure(test.text, test.cased);
      if (text === undefined) return present;
      if (test.kind !== 'equals') {
        return literal(
          (test.kind === 'startsWith' ? separator : '') + text + (test.kind === 'endsWith' ? separator : ''),
        );
      }
      const found = whole(text);
      const number = Number(text);
      if (!found || field === null || String(number) !== text) return found;
      return choice([...found.witnesses, { kind: 'number', field, value: number }]);
    }
    case 'number': {
      const found = whole(test.text.toLowerCase());
      if (!found || field === null) return undefined;
      return choice([...found.witnesses, { kind: 'number', field, value: test.value }]);
    }
    case 'wildcard':
      return cheapest([present, ...pieces(test.parts, test.cased).map((text) => literal(text))]);
    case 'regex': {
      const texts = requiredLiterals(test.source, shortestLiteral);
      return texts && !texts.some((text) => text.includes(separator))
        ? choice(texts.map((text) => ({ kind: 'literal', field, text })))
        : present;
    }
    case 'exists':
      return test.expected ? present : undefined;
    case 'null':
      return undefined;
    default:
      return present;
  }
}

function pieces(parts: readonly PatternPart[], cased: boolean): string[] {
  return parts.flatMap((part, index) => {
    if (part.kind !== 'text') return [];
    const text = sure(part.text, cased);
    if (text === undefined) return [];
    return [(index === 0 ? separator : '') + text + (index === parts.length - 1 ? separator : '')];
  });
}

/**
 * The text as it stands in a lower-cased value. Undefined where that is not sure: a separator of ours inside, or a
 * cased text whose letters lower-case by their neighbours (the Greek final sigma).
 */
function sure(text: string, cased: boolean): string | undefined {
  if (text.includes(separator)) return undefined;
  if (cased && /[\u0080-\uffff]/.test(text)) return undefined;
  return text.toLowerCase();
}

const common = commonTexts.map((text) => `${separator}${text}${separator}`);

/** Values that many events hold in one field or another. */
const commonValues = new Set([
  'system',
  'high',
  'medium',
  '0x0',
  '-',
  'true',
  'false',
  'none',
  '\\svchost.exe',
  '\\cmd.exe',
  '\\powershell.exe',
  '\\explorer.exe',
  '\\services.exe',
  '\\conhost.exe',
  '\\rundll32.exe',
  '\\chrome.exe',
  '\\msedge.exe',
  '\\firefox.exe',
  '\\wmiprvse.exe',
  '\\outlook.exe',
  '\\winword.exe',
  '\\lsass.exe',
  '\\msiexec.exe',
  '\\system32\\',
  '\\temp\\',
  '\\users\\',
  'powershell',
  'powershell.exe',
  'cmd.exe',
  'windows',
  'microsoft',
  'authori',
  'autori',
]);

/**
 * An expectation without having seen a log: by length and kind, by how many rules use the same text (what many rules
 * look at is common), and by a few texts every Windows log is full of.
 */
export function staticExpectation(uses: ReadonlyMap<string, number>): Expect {
  return (witness) => {
    if (witness.kind === 'present') return 1;
    if (witness.kind === 'number') return 0.2;
    if (witness.kind === 'exact') return 0.1;
    if (witness.kind === 'wide') return 0.002;
    const anchoredStart = witness.text.startsWith(separator);
    const anchoredEnd = witness.text.endsWith(separator);
    const length = witness.text.length - (anchoredStart ? 1 : 0) - (anchoredEnd ? 1 : 0);
    const inner = witness.text.replaceAll(separator, '');
    const byLength =
      length <= 3 ? 0.1 : length <= 5 ? 0.05 : length <= 8 ? 0.02 : length <= 12 ? 0.01 : 0.006;
    const anchored = anchoredStart && anchoredEnd ? 0.5 : 1;
    const shared = 1 + (uses.get(witnessKey(witness)) ?? 1) / 3;
    const plain = commonValues.has(inner) || common.some((text) => text.includes(witness.text)) ? 20 : 1;
    const anywhere = witness.field === null ? 2 : 1;
    // A literal below seven bytes costs a closer look at every byte of its fields.
    const narrow = witness.text.length < longLiteral ? 1.2 : 1;
    return Math.min(0.95, byLength * anchored * shared * plain * anywhere * narrow);
  };
}

export function witnessKey(witness: Witness): string {
  switch (witness.kind) {
    case 'literal':
      return `l${witness.field ?? '\u0000'}\u0000${witness.text}`;
    case 'exact':
      return `e${witness.field}\u0000${witness.text}`;
    case 'wide':
      return `w${witness.field ?? '\u0000'}`;
    case 'number':
      return `n${witness.field}\u0000${witness.value}`;
    case 'present':
      return `p${witness.field}`;
  }
}
