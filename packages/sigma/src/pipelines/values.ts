import type { PatternPart, Test } from '../ast.ts';

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
