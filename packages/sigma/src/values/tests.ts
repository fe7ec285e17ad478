import type { Test, TextTest } from '../ast.ts';
import { automatonEngine } from '../regex/automaton.ts';
import type { RegexEngine } from '../regex/engine.ts';
import { requiredLiterals } from './required.ts';
import { inNetwork, parseAddress } from './address.ts';
import type { Meter } from './meter.ts';
import { timePart } from './time.ts';
import { wildcardMatcher } from './wildcard.ts';

/** A test on one scalar that is there. `lowered` is `text.toLowerCase()`, made once for all tests. */
export type ScalarTest = {
  readonly text: (text: string, lowered: string, meter: Meter) => boolean;
  /** Only where a number is not tested by its text. */
  readonly number: ((value: number) => boolean) | null;
};

const never: ScalarTest = { text: () => false, number: null };

/** Tests that look at a scalar. `exists`, `null` and `fieldref` look at the field and are not among them. */
export function scalarTest(test: Test, engine: RegexEngine = automatonEngine): ScalarTest {
  switch (test.kind) {
    case 'equals':
    case 'startsWith':
    case 'endsWith':
    case 'contains':
    case 'wildcard':
    case 'regex':
      return { text: textTest(test, engine), number: null };
    case 'number': {
      const { value } = test;
      const lower = test.text.toLowerCase();
      return { text: (_text, lowered) => lowered === lower, number: (other) => other === value };
    }
    case 'compare': {
      const { order, value } = test;
      return {
        text: (text) => {
          const number = numberOf(text);
          return number !== undefined && inOrder(order, number, value);
        },
        number: (number) => inOrder(order, number, value),
      };
    }
    case 'timePart': {
      const { part, order, value } = test;
      const holds = (found: number | undefined): boolean =>
        found !== undefined && inOrder(order, found, value);
      return {
        text: (text) => holds(timePart(text, part)),
        number: (number) => holds(timePart(number, part)),
      };
    }
    case 'cidr': {
      const { family, base, bits } = test;
      return {
        text: (text) => {
          const address = parseAddress(text);
          return address !== undefined && address.family === family && inNetwork(address.bytes, base, bits);
        },
        number: null,
      };
    }
    default:
      return never;
  }
}

function textTest(test: TextTest, engine: RegexEngine): ScalarTest['text'] {
  if (test.kind === 'regex') {
    const length = lineLengthTest(test.source, test.flags.dotAll);
    if (length) return length;
    const regex = engine(test.source, test.flags);
    // The parser refused what RE2 can't compile; a rule built by hand and not parsed never matches by such a test.
    if ('refused' in regex) return never.text;
    const needed = needsBefore(test);
    if (needed === undefined) return (text, _lowered, meter) => meter.matches(regex, text);
    return (text, lowered, meter) => {
      for (const literal of needed) if (meter.contains(lowered, literal)) return meter.matches(regex, text);
      return false;
    };
  }
  if (test.kind === 'wildcard') {
    if (test.cased) {
      const matches = wildcardMatcher(test.parts, (text) => text);
      return (text, _lowered, meter) => matches(text, meter);
    }
    const matches = wildcardMatcher(test.parts, (text) => text.toLowerCase());
    return (_text, lowered, meter) => matches(lowered, meter);
  }
  const wanted = test.cased ? test.text : test.text.toLowerCase();
  switch (test.kind) {
    case 'equals':
      return test.cased ? (text) => text === wanted : (_text, lowered) => lowered === wanted;
    case 'startsWith':
      return test.cased ? (text) => text.startsWith(wanted) : (_text, lowered) => lowered.startsWith(wanted);
    case 'endsWith':
      return test.cased ? (text) => text.endsWith(wanted) : (_text, lowered) => lowered.endsWith(wanted);
    case 'contains':
      return test.cased
        ? (text, _lowered, meter) => meter.contains(text, wanted)
        : (_text, lowered, meter) => meter.contains(lowered, wanted);
  }
}

/**
 * Literals one of which must be in the lower-cased text, so that the regex itself runs rarely. Not where case is
 * ignored and an s is needed: RE2 takes the long s for one, lower-casing does not.
 */
function needsBefore(test: TextTest & { readonly kind: 'regex' }): readonly string[] | undefined {
  const needed = requiredLiterals(test.source, 1);
  const ignoresCase = test.flags.ignoreCase || test.source.includes('(?');
  if (!needed || needed.length > 64 || (ignoresCase && needed.some((literal) => literal.includes('s'))))
    return undefined;
  return needed;
}

/**
 * `.{n,}` asks for a long line. As an automaton that is n states of n instructions; as a count it is nothing.
 * @returns undefined for any other regex
 */
function lineLengthTest(source: string, dotAll: boolean): ScalarTest['text'] | undefined {
  const found = /^\.\{(\d{1,4}),\}$/.exec(source);
  if (!found) return undefined;
  const least = Number(found[1]);
  if (least > 1000) return undefined;
  return (text, _lowered, meter) => {
    if (text.length < least || !meter.pay(text.length * 4)) return false;
    let run = 0;
    for (const char of text) {
      run = char === '\n' && !dotAll ? 0 : run + 1;
      if (run >= least) return true;
    }
    return least === 0;
  };
}

/** A decimal number as text, sign, fraction and exponent allowed; anything else is not a number. */
export function numberOf(text: string): number | undefined {
  return text.length <= 400 && /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text)
    ? Number(text)
    : undefined;
}

function inOrder(order: 'eq' | 'lt' | 'lte' | 'gt' | 'gte', left: number, right: number): boolean {
  switch (order) {
    case 'eq':
      return left === right;
    case 'lt':
      return left < right;
    case 'lte':
      return left <= right;
    case 'gt':
      return left > right;
    case 'gte':
      return left >= right;
  }
}

/** Field against field, both scalars: as text, lower-cased unless `cased`. */
export function fieldsRelate(
  match: 'equals' | 'startsWith' | 'endsWith' | 'contains',
  left: string,
  right: string,
  meter: Meter,
): boolean {
  switch (match) {
    case 'equals':
      return left === right;
    case 'startsWith':
      return left.startsWith(right);
    case 'endsWith':
      return left.endsWith(right);
    case 'contains':
      return meter.contains(left, right);
  }
}
