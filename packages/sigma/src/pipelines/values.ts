import { RE2JS } from 're2js';
import type { PatternPart, Test } from '../ast.ts';
import { Refusal } from '../faults.ts';
import { patternTest } from '../parse/pattern.ts';
import { numberOf } from '../values/tests.ts';

/** The texts of tests, wildcards shown as the author wrote them. */
export function textsOf(tests: readonly Test[]): string[] {
  return tests.flatMap((test) => {
    switch (test.kind) {
      case 'equals':
      case 'startsWith':
      case 'endsWith':
      case 'contains':
      case 'number':
        return [test.text];
      case 'wildcard':
        return [test.parts.map(partText).join('')];
      default:
        return [];
    }
  });
}

function partText(part: PatternPart): string {
  if (part.kind === 'text') return part.text;
  return part.kind === 'one' ? '?' : '*';
}

/** Changes the literal texts of tests; regexes, networks and numbers stay. @returns the same list where nothing changed */
export function mapTexts(
  tests: readonly Test[],
  change: (text: string) => readonly string[],
): readonly Test[] {
  let changed = false;
  const after = tests.flatMap((test): Test[] => {
    switch (test.kind) {
      case 'equals':
      case 'startsWith':
      case 'endsWith':
      case 'contains': {
        const texts = change(test.text);
        if (texts.length === 1 && texts[0] === test.text) return [test];
        changed = true;
        return texts.map((text) => ({ ...test, text }));
      }
      case 'wildcard': {
        const parts = test.parts.map(
          (part): PatternPart =>
            part.kind === 'text' ? { kind: 'text', text: change(part.text)[0] ?? part.text } : part,
        );
        if (parts.every((part, at) => part.kind !== 'text' || part.text === textAt(test.parts, at)))
          return [test];
        changed = true;
        return [{ ...test, parts }];
      }
      default:
        return [test];
    }
  });
  return changed ? after : tests;
}

function textAt(parts: readonly PatternPart[], at: number): string | undefined {
  const part = parts[at];
  return part?.kind === 'text' ? part.text : undefined;
}

const many: PatternPart = { kind: 'many' };

/** The pattern the author wrote, for tests that have one. */
function partsOf(test: Test): readonly PatternPart[] | undefined {
  switch (test.kind) {
    case 'equals':
      return [{ kind: 'text', text: test.text }];
    case 'startsWith':
      return [{ kind: 'text', text: test.text }, many];
    case 'endsWith':
      return [many, { kind: 'text', text: test.text }];
    case 'contains':
      return [many, { kind: 'text', text: test.text }, many];
    case 'wildcard':
      return test.parts;
    default:
      return undefined;
  }
}

// Stand for a star and a question mark that are no wildcards while a pattern is a text. Of no script.
const literalStar = '\ue000';
const literalOne = '\ue001';

function asText(parts: readonly PatternPart[]): string {
  return parts
    .map((part) =>
      part.kind === 'text'
        ? part.text.replaceAll('*', literalStar).replaceAll('?', literalOne)
        : part.kind === 'one'
          ? '?'
          : '*',
    )
    .join('');
}

function asParts(text: string): PatternPart[] {
  return (text.match(/[*?]|[^*?]+/g) ?? []).map((piece): PatternPart => {
    if (piece === '*') return many;
    if (piece === '?') return { kind: 'one' };
    return { kind: 'text', text: piece.replaceAll(literalStar, '*').replaceAll(literalOne, '?') };
  });
}

/** Replaces in the whole value, its wildcards shown as `*` and `?`, or in each text between them. */
export function replaceTexts(
  tests: readonly Test[],
  replace: (text: string) => string,
  how: { readonly skipSpecial: boolean; readonly interpretSpecial: boolean },
): readonly Test[] {
  const after = tests.map((test): Test => {
    if (test.kind === 'number') {
      const text = replace(test.text);
      return text === test.text ? test : { kind: 'equals', text, cased: false };
    }
    const parts = partsOf(test);
    if (parts === undefined || !('cased' in test)) return test;
    const changed = how.skipSpecial
      ? parts.flatMap((part): PatternPart[] => {
          if (part.kind !== 'text') return [part];
          const text = replace(part.text);
          return how.interpretSpecial ? asParts(text) : [{ kind: 'text', text }];
        })
      : asParts(replace(asText(parts)));
    return asText(changed) === asText(parts)
      ? test
      : patternTest(changed, { start: true, end: true }, test.cased);
  });
  return after.every((test, at) => test === tests[at]) ? tests : after;
}

/** The same question as a regular expression: of the whole value, wildcards over line ends. */
export function asRegex(test: Test, ignoreCase: boolean): Test {
  const parts = partsOf(test);
  if (parts === undefined || (test.kind === 'equals' && test.text === '')) return test;
  const source = parts
    .map((part) => (part.kind === 'text' ? RE2JS.quote(part.text) : part.kind === 'one' ? '.' : '.*'))
    .join('');
  return {
    kind: 'regex',
    source: `^(?:${source})$`,
    flags: { ignoreCase, multiLine: false, dotAll: true },
  };
}

/** @throws {Refusal} where a text is no number */
export function converted(tests: readonly Test[], target: 'str' | 'num'): readonly Test[] {
  const after = tests.map((test): Test => {
    if (target === 'str')
      return test.kind === 'number' ? { kind: 'equals', text: test.text, cased: false } : test;
    if (test.kind !== 'equals') return test;
    const value = numberOf(test.text);
    if (value === undefined) throw new Refusal('pipeline', `'${test.text}' is no number.`);
    return { kind: 'number', value, text: String(value) };
  });
  return after.every((test, at) => test === tests[at]) ? tests : after;
}
