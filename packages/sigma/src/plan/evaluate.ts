import type { Condition, FieldItem, KeywordItem, Rule, Selection, Test } from '../ast.ts';
import type { RegexEngine } from '../regex/engine.ts';
import type { Meter } from '../values/meter.ts';
import type { ItemPlace, Items } from './items.ts';
import { fieldsRelate, type ScalarTest, scalarTest } from '../values/tests.ts';
import type { EventState } from './state.ts';

export type Truth = (state: EventState) => boolean;

/** Gives a field its number in the plan's event state. */
export type FieldNumber = (name: string) => number;

type Context = {
  readonly number: FieldNumber;
  readonly items: Items;
  readonly engine: RegexEngine;
  /** By item number: equal items of different rules are one function. */
  readonly compiled: Map<number, Truth>;
};

/**
 * Rules as functions of the event. Where the index proves an item exactly its word is taken; everything else is decided
 * by the values alone.
 */
export function compileRules(
  rules: readonly Rule[],
  number: FieldNumber,
  items: Items,
  engine: RegexEngine,
): readonly Truth[] {
  const context: Context = { number, items, engine, compiled: new Map() };
  return rules.map((rule) => {
    const selections = new Map<string, Truth>();
    for (const [name, selection] of Object.entries(rule.detection.selections)) {
      selections.set(name, compileSelection(selection, context));
    }
    return compileCondition(rule.detection.condition, selections);
  });
}

function compileCondition(condition: Condition, selections: ReadonlyMap<string, Truth>): Truth {
  switch (condition.kind) {
    case 'selection':
      return selections.get(condition.name) ?? (() => false);
    case 'not': {
      const inner = compileCondition(condition.of, selections);
      return (state) => !inner(state);
    }
    case 'and':
      return every(condition.of.map((part) => compileCondition(part, selections)));
    case 'or':
      return some(condition.of.map((part) => compileCondition(part, selections)));
    case 'atLeast': {
      const parts = condition.of.map((part) => compileCondition(part, selections));
      const { count } = condition;
      return (state) => {
        let held = 0;
        for (const part of parts) if (part(state) && ++held >= count) return true;
        return false;
      };
    }
  }
}

function every(parts: readonly Truth[]): Truth {
  const [first, second] = parts;
  if (first && parts.length === 1) return first;
  if (first && second && parts.length === 2) return (state) => first(state) && second(state);
  return (state) => {
    for (const part of parts) if (!part(state)) return false;
    return true;
  };
}

function some(parts: readonly Truth[]): Truth {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  return (state) => {
    for (const part of parts) if (part(state)) return true;
    return false;
  };
}

function compileSelection(selection: Selection, context: Context): Truth {
  switch (selection.kind) {
    case 'and':
      return every(byCost(selection.of, context).map((part) => compileSelection(part, context)));
    case 'or':
      return some(selection.of.map((part) => compileSelection(part, context)));
    default:
      return compileItem(selection, context);
  }
}

/** Cheap questions first: the order does not change the answer of an `and`. */
function byCost(parts: readonly Selection[], context: Context): readonly Selection[] {
  const cost = (part: Selection): number => {
    if (part.kind === 'and' || part.kind === 'or')
      return part.of.reduce((sum, inner) => sum + cost(inner), 0);
    if (context.items.placeOf(part).indexed) return 0;
    if (part.kind === 'keyword') return 1000 * part.tests.length;
    return part.tests.reduce((sum, test) => sum + (test.kind === 'regex' ? 100 : 1), 0);
  };
  return parts.toSorted((left, right) => cost(left) - cost(right));
}

function compileItem(item: FieldItem | KeywordItem, context: Context): Truth {
  const place = context.items.placeOf(item);
  let truth = context.compiled.get(place.number);
  if (truth === undefined) {
    truth = item.kind === 'field' ? compileField(item, place, context) : compileKeyword(item, context.engine);
    if (place.indexed) truth = byIndex(place.number, truth);
    context.compiled.set(place.number, truth);
  }
  const positive = truth;
  return item.negated ? (state) => !positive(state) : positive;
}

function byIndex(item: number, truth: Truth): Truth {
  return (state) => (state.exact ? state.itemStamps[item] === state.generation : truth(state));
}

function compileField(item: FieldItem, place: ItemPlace, context: Context): Truth {
  const field = context.number(item.field);
  const tests = item.tests.map((test) => compileTest(test, field, context));
  const truth = item.join === 'all' ? every(tests) : (merged(item, field) ?? some(tests));
  const ofValueAlone = item.tests.every(
    ({ kind }) => kind !== 'exists' && kind !== 'null' && kind !== 'fieldref',
  );
  return place.indexed || !ofValueAlone ? truth : remembered(field, place.local, truth);
}

/** The answer for a value that was met before is the one given then. */
function remembered(field: number, local: number, truth: Truth): Truth {
  return (state) => {
    const answers = state.known[field]?.answers;
    if (answers === undefined || state.stamps[field] !== state.generation) return truth(state);
    const answer = answers[local];
    if (answer !== 0) return answer === 1;
    const held = truth(state);
    if (!state.cut) answers[local] = held ? 1 : 2;
    return held;
  };
}

type Values = {
  readonly equals: ReadonlySet<string>;
  readonly starts: readonly string[];
  readonly ends: readonly string[];
  readonly contains: readonly string[];
};

/** A list of plain texts as one test, which is most of what rules hold. */
function merged(item: FieldItem, field: number): Truth | undefined {
  if (item.tests.length < 2) return undefined;
  const lists = {
    equals: new Set<string>(),
    starts: [] as string[],
    ends: [] as string[],
    contains: [] as string[],
  };
  for (const test of item.tests) {
    if (
      test.kind !== 'equals' &&
      test.kind !== 'startsWith' &&
      test.kind !== 'endsWith' &&
      test.kind !== 'contains'
    ) {
      return undefined;
    }
    if (test.cased) return undefined;
    const text = test.text.toLowerCase();
    if (test.kind === 'equals') lists.equals.add(text);
    else if (test.kind === 'startsWith') lists.starts.push(text);
    else if (test.kind === 'endsWith') lists.ends.push(text);
    else lists.contains.push(text);
  }
  const test: ScalarTest = { text: (_text, lowered, meter) => anyOf(lists, lowered, meter), number: null };
  return onScalars(field, test, item.tests.length);
}

function anyOf(values: Values, text: string, meter: Meter): boolean {
  if (values.equals.size > 0 && values.equals.has(text)) return true;
  for (const wanted of values.ends) if (text.endsWith(wanted)) return true;
  for (const wanted of values.starts) if (text.startsWith(wanted)) return true;
  for (const wanted of values.contains) if (meter.contains(text, wanted)) return true;
  return false;
}

function compileTest(test: Test, field: number, { number, engine }: Context): Truth {
  switch (test.kind) {
    case 'exists': {
      const { expected } = test;
      return (state) => (state.stamps[field] === state.generation) === expected;
    }
    case 'null':
      return (state) => {
        if (state.stamps[field] !== state.generation) return true;
        const value = state.values[field];
        return value === null || (Array.isArray(value) && value.some((part) => part === null));
      };
    case 'fieldref': {
      const other = number(test.field);
      return (state) => relates(state, field, other, test.match, test.cased);
    }
    default:
      return onScalars(field, scalarTest(test, engine));
  }
}

// Units of asking one test, beside what it looks at.
const testUnits = 20;

/** True when any scalar of the field's value passes. @param weight how many tests it stands for */
function onScalars(field: number, test: ScalarTest, weight = 1): Truth {
  const units = weight * testUnits;
  return (state) => {
    if (state.stamps[field] !== state.generation || !state.pay(units)) return false;
    const value = state.values[field];
    if (typeof value !== 'string') return passes(state, test, value, 0, units);
    const lowered = state.lowerOf(field, value);
    return !state.cut && test.text(value, lowered, state);
  };
}

function passes(state: EventState, test: ScalarTest, value: unknown, depth: number, units: number): boolean {
  if (!state.pay(units)) return false;
  if (typeof value === 'string') {
    const lowered = state.lowerCase(value);
    return !state.cut && test.text(value, lowered, state);
  }
  if (typeof value === 'number') {
    if (test.number !== null) return test.number(value);
    const text = String(value);
    return test.text(text, text, state);
  }
  if (typeof value === 'boolean') return test.text(String(value), String(value), state);
  if (!Array.isArray(value) || depth > 16) return false;
  for (const item of value) {
    if (passes(state, test, item, depth + 1, units)) return true;
    if (state.cut) return false;
  }
  return false;
}

function relates(
  state: EventState,
  left: number,
  right: number,
  match: 'equals' | 'startsWith' | 'endsWith' | 'contains',
  cased: boolean,
): boolean {
  if (state.stamps[left] !== state.generation || state.stamps[right] !== state.generation) return false;
  const texts = (value: unknown): string[] => {
    // A path through lists of objects finds lists in a list.
    const items: unknown[] = Array.isArray(value) ? value.slice(0, 1000).flat(16) : [value];
    return items
      .filter((item) => typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean')
      .map((item) => (cased ? String(item) : state.lowerCase(String(item))));
  };
  const others = texts(state.values[right]);
  const own = texts(state.values[left]);
  if (!state.pay(own.length * others.length * testUnits)) return false;
  return own.some((text) => others.some((other) => fieldsRelate(match, text, other, state)));
}

function compileKeyword(item: KeywordItem, engine: RegexEngine): Truth {
  const tests = item.tests.map((test) => scalarTest(test, engine));
  const holds = (state: EventState, test: ScalarTest): boolean => {
    const { texts, lowered } = state.texts();
    if (!state.pay(texts.length * testUnits)) return false;
    for (let at = 0; at < texts.length; at++)
      if (test.text(texts[at] ?? '', lowered[at] ?? '', state)) return true;
    return false;
  };
  const all = item.join === 'all';
  return (state) => {
    for (const test of tests) {
      if (holds(state, test) !== all) return !all;
      if (state.cut) return false;
    }
    return all;
  };
}
