import type { Condition, FieldItem, KeywordItem, Rule, Selection, Test } from './ast.ts';
import { describeTest } from './describe.ts';
import type { SigmaEvent } from './event.ts';
import { eachScalar, lookup } from './values/fields.ts';
import { defaultEventLimits, isWide, lowerUnits, shortened, wideLowerUnits } from './plan/state.ts';
import { Funds } from './values/meter.ts';
import { fieldsRelate, type ScalarTest, scalarTest } from './values/tests.ts';

/** The truth of a condition and of its parts; selections carry what was asked and what stood in the event. */
export type Explanation =
  | {
      readonly kind: 'and' | 'or' | 'not' | 'atLeast';
      readonly truth: boolean;
      readonly text: string;
      readonly of: readonly Explanation[];
    }
  | {
      readonly kind: 'selection';
      readonly truth: boolean;
      readonly text: string;
      readonly of: readonly Explanation[];
    }
  | {
      readonly kind: 'item';
      readonly truth: boolean;
      /** The field with its modifiers; 'keywords' where there is none. */
      readonly text: string;
      readonly field: string | null;
      readonly negated: boolean;
      /** What the field holds, cut to a length that can be shown; undefined where it is absent. */
      readonly value: string | undefined;
      readonly tests: readonly {
        readonly test: string;
        readonly truth: boolean;
        readonly value: string | undefined;
      }[];
    };

/** Why a rule is true: one line for each test that holds, with the value it holds of. */
export type Reason = {
  readonly selection: string;
  readonly field: string | null;
  readonly test: string;
  readonly value: string;
};

/** Units of work, as in `EventLimits`. */
const explainUnits = 2_000_000_000;
const reasonsUnits = 5_000_000;
const itemUnits = 500;
const scalarUnits = 60;
const shownUnits = 100;

/**
 * The rule against one event, part by part. Independent of the index and of its limits: values are seen whole, so it
 * is for one event at a time and not for a stream.
 */
export function explain(rule: Rule, event: SigmaEvent): Explanation {
  return explainWith(rule, event, new Purse(explainUnits, explainUnits, Number.POSITIVE_INFINITY));
}

function explainWith(rule: Rule, event: SigmaEvent, funds: Purse): Explanation {
  return explainCondition(rule.detection.condition, rule, event.fields, funds);
}

/** What may be spent on saying why, for all rules that are true of one event together. */
export type ReasonsBudget = { readonly funds: Purse; event: SigmaEvent | undefined };

export function reasonsBudget(): ReasonsBudget {
  return { funds: new Purse(reasonsUnits, reasonsUnits / 25), event: undefined };
}

/**
 * For events of a stream: bounded, and of long values both ends are seen.
 * @param budget one for a stream: it is filled anew for each event, so that many rules cost no more than one
 * @returns [] where the rule is not true of the event, or that cost too much to say
 */
export function reasons(
  rule: Rule,
  event: SigmaEvent,
  budget: ReasonsBudget = reasonsBudget(),
): readonly Reason[] {
  const { funds } = budget;
  if (budget.event !== event) {
    budget.event = event;
    funds.refill(reasonsUnits, reasonsUnits / 25);
    funds.long.clear();
  }
  funds.cut = false;
  const explanation = explainWith(rule, event, funds);
  if (funds.cut) return [];
  const found: Reason[] = [];
  if (explanation.truth) gather(explanation, '', found);
  return found;
}

/** Funds that also say how much of a value is looked at. */
class Purse extends Funds {
  private readonly most: number;
  /** Long texts that were made ready: rules that are true of one event often look at the same. */
  readonly long = new Map<string, { readonly text: string; readonly lowered: string }>();

  constructor(units: number, nativeCharacters: number, most = 1) {
    super(units, nativeCharacters);
    this.most = most;
  }

  seen(text: string): string {
    if (text.length <= defaultEventLimits.freeLength) return text;
    const { wideLength, valueLength } = defaultEventLimits;
    // Lower-casing all that the matcher sees of a text beyond Latin-1 would take more than there is.
    const most = this.most * (isWide(text) ? wideLength / 8 : valueLength);
    return text.length <= most ? text : shortened(text, most);
  }

  /** Empty where it can't be paid for. */
  lowerCase(text: string): string {
    const units = text.length > 128 && isWide(text) ? wideLowerUnits : lowerUnits;
    return this.pay(text.length * units) ? text.toLowerCase() : '';
  }
}

/** Only what makes it true: a `not` has nothing to show, a false branch of an `or` neither. */
function gather(part: Explanation, selection: string, found: Reason[]): void {
  if (!part.truth || part.kind === 'not') return;
  if (part.kind !== 'item') {
    for (const inner of part.of) gather(inner, part.kind === 'selection' ? part.text : selection, found);
    return;
  }
  if (part.negated) {
    const test = part.tests.map((tested) => tested.test).join(', ');
    found.push({ selection, field: part.field, test: `not: ${test}`, value: part.value ?? '' });
    return;
  }
  for (const { test, truth, value } of part.tests) {
    if (truth) found.push({ selection, field: part.field, test, value: value ?? part.value ?? '' });
  }
}

type Fields = SigmaEvent['fields'];

function explainCondition(condition: Condition, rule: Rule, fields: Fields, funds: Purse): Explanation {
  switch (condition.kind) {
    case 'selection': {
      const selection = rule.detection.selections[condition.name];
      const inner = selection && explainSelection(selection, fields, funds);
      return {
        kind: 'selection',
        truth: inner?.truth ?? false,
        text: condition.name,
        of: inner ? [inner] : [],
      };
    }
    case 'not': {
      const inner = explainCondition(condition.of, rule, fields, funds);
      return { kind: 'not', truth: !inner.truth, text: 'not', of: [inner] };
    }
    default: {
      const of = condition.of.map((part) => explainCondition(part, rule, fields, funds));
      const held = of.filter((part) => part.truth).length;
      if (condition.kind === 'atLeast') {
        return { kind: 'atLeast', truth: held >= condition.count, text: `${condition.count} of`, of };
      }
      const truth = condition.kind === 'and' ? held === of.length : held > 0;
      return { kind: condition.kind, truth, text: condition.kind, of };
    }
  }
}

function explainSelection(selection: Selection, fields: Fields, funds: Purse): Explanation {
  if (selection.kind === 'field') return explainField(selection, fields, funds);
  if (selection.kind === 'keyword') return explainKeyword(selection, fields, funds);
  const of = selection.of.map((part) => explainSelection(part, fields, funds));
  const truth = selection.kind === 'and' ? of.every((part) => part.truth) : of.some((part) => part.truth);
  return { kind: selection.kind, truth, text: selection.kind, of };
}

function explainField(item: FieldItem, fields: Fields, funds: Purse): Explanation {
  // Without funds nothing is looked at any more: the answer will not be used.
  const value = funds.pay(itemUnits) ? lookup(fields, item.field) : undefined;
  const looked = once(() => scalars(value, funds).map((part) => look(part, funds)));
  const tests = item.tests.map((test) => {
    const held = holdsOf(test, value, looked, fields, funds);
    return {
      test: describeTest(test),
      truth: held !== undefined,
      value: held === undefined ? undefined : shown(held, funds, test),
    };
  });
  const shape = item.join === 'all' ? tests.every((test) => test.truth) : tests.some((test) => test.truth);
  return {
    kind: 'item',
    truth: shape !== item.negated,
    text: [item.field, ...item.modifiers].join('|'),
    field: item.field,
    negated: item.negated,
    value: value === undefined ? undefined : shown(textOf(value, funds), funds),
    tests,
  };
}

/** @returns the text of the value the test holds of; undefined where it does not hold */
function holdsOf(
  test: Test,
  value: unknown,
  looked: () => readonly Looked[],
  fields: Fields,
  funds: Purse,
): string | undefined {
  switch (test.kind) {
    case 'exists':
      return (value !== undefined) === test.expected ? textOf(value, funds) : undefined;
    case 'null':
      return value === undefined || value === null || (Array.isArray(value) && value.includes(null))
        ? 'null'
        : undefined;
    case 'fieldref': {
      const fold = (part: unknown): string => {
        const text = funds.seen(String(part));
        return test.cased ? text : funds.lowerCase(text);
      };
      const others = scalars(lookup(fields, test.field), funds).map(fold);
      return scalars(value, funds)
        .map(String)
        .find((text) => {
          const own = fold(text);
          return others.some(
            (other) => funds.pay(scalarUnits) && fieldsRelate(test.match, own, other, funds),
          );
        });
    }
    default: {
      const scalar = scalarTest(test);
      const found = looked().find((part) => holds(scalar, part, funds));
      return found === undefined ? undefined : String(found.value);
    }
  }
}

/** A scalar made ready once for all tests of an item: lists of thousands of values are common. */
type Looked = {
  readonly value: string | number | boolean;
  readonly text: string;
  readonly lowered: string;
};

function look(value: string | number | boolean, funds: Purse): Looked {
  const whole = String(value);
  if (whole.length <= defaultEventLimits.freeLength)
    return { value, text: whole, lowered: funds.lowerCase(whole) };
  const before = funds.long.get(whole);
  if (before !== undefined) return { value, ...before };
  const text = funds.seen(whole);
  const made = { text, lowered: funds.lowerCase(text) };
  // What could not be paid for says nothing to the next rule either.
  if (!funds.cut) funds.long.set(whole, made);
  return { value, ...made };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function holds(test: ScalarTest, { value, text, lowered }: Looked, funds: Purse): boolean {
  if (funds.cut || !funds.pay(scalarUnits)) return false;
  if (typeof value === 'number' && test.number !== null) return test.number(value);
  return test.text(text, lowered, funds) && !funds.cut;
}

/** The scalars of a field's value: those of lists, not those inside objects. */
function scalars(value: unknown, funds: Purse, depth = 0): (string | number | boolean)[] {
  if (!funds.pay(scalarUnits)) return [];
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [value];
  if (!Array.isArray(value) || depth > 16) return [];
  return value.flatMap((part) => scalars(part, funds, depth + 1));
}

function explainKeyword(item: KeywordItem, fields: Fields, funds: Purse): Explanation {
  const looked: Looked[] = [];
  eachScalar(fields, (scalar) => {
    if (funds.pay(scalarUnits)) looked.push(look(String(scalar), funds));
    return !funds.cut;
  });
  const tests = item.tests.map((test) => {
    const scalar = scalarTest(test);
    const found = looked.find((part) => holds(scalar, part, funds));
    return {
      test: describeTest(test),
      truth: found !== undefined,
      value: found === undefined ? undefined : shown(found.text, funds, test),
    };
  });
  const shape = item.join === 'all' ? tests.every((test) => test.truth) : tests.some((test) => test.truth);
  const text = ['keywords', ...item.modifiers].join('|');
  return {
    kind: 'item',
    truth: shape !== item.negated,
    text,
    field: null,
    negated: item.negated,
    value: undefined,
    tests,
  };
}

function textOf(value: unknown, funds: Purse): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return (
    JSON.stringify(value, (_key, part: unknown) => (funds.pay(shownUnits) ? briefly(part) : undefined)) ?? ''
  );
}

const mostShown = 400;

/** A text inside of what is shown; the rest of a long one would be cut off anyhow. */
function briefly(part: unknown): unknown {
  return typeof part === 'string' && part.length > mostShown ? part.slice(0, mostShown) : part;
}

/** Cut to what a person can read, around what was found where that is known. */
function shown(text: string, funds: Purse, test?: Test): string {
  if (text.length <= mostShown) return text;
  const wanted = test && (test.kind === 'contains' ? test.text : '');
  const found = wanted ? funds.find(funds.lowerCase(funds.seen(text)), wanted.toLowerCase(), 0) : -1;
  if (test?.kind === 'endsWith') return `…${text.slice(-mostShown)}`;
  const from = Math.max(0, found - mostShown / 2);
  const to = Math.min(text.length, from + mostShown);
  return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
}
