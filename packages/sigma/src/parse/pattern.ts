import type { PatternPart, TextTest } from '../ast.ts';

/**
 * Sigma's own string notation: `*` and `?` are wildcards, a backslash escapes them and itself, and stands for itself
 * before anything else.
 * SOURCE: sigma-rules-specification, "Escape Character".
 */
export function parsePattern(text: string): PatternPart[] {
  const parts: PatternPart[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') parts.push({ kind: 'text', text: plain });
    plain = '';
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') {
      const next = text[at + 1];
      if (next === '*' || next === '?' || next === '\\') {
        plain += next;
        at++;
      } else plain += '\\';
    } else if (char === '*') {
      flush();
      parts.push({ kind: 'many' });
    } else if (char === '?') {
      flush();
      parts.push({ kind: 'one' });
    } else plain += char;
  }
  flush();
  return parts;
}

export type Anchors = { readonly start: boolean; readonly end: boolean };

/** The cheapest test that means the same as the pattern. Unanchored ends are what `contains` and its kin ask for. */
export function patternTest(parts: readonly PatternPart[], anchors: Anchors, cased: boolean): TextTest {
  const all: PatternPart[] = [];
  const push = (part: PatternPart): void => {
    const last = all.at(-1);
    if (part.kind === 'many' && last?.kind === 'many') return;
    if (part.kind === 'text' && last?.kind === 'text')
      all[all.length - 1] = { kind: 'text', text: last.text + part.text };
    else all.push(part);
  };
  if (!anchors.start) push({ kind: 'many' });
  for (const part of parts) push(part);
  if (!anchors.end) push({ kind: 'many' });

  const [first, second, third] = all;
  if (first === undefined) return { kind: 'equals', text: '', cased };
  if (all.length === 1 && first.kind === 'text') return { kind: 'equals', text: first.text, cased };
  if (all.length === 2 && first.kind === 'text' && second?.kind === 'many') {
    return { kind: 'startsWith', text: first.text, cased };
  }
  if (all.length === 2 && first.kind === 'many' && second?.kind === 'text') {
    return { kind: 'endsWith', text: second.text, cased };
  }
  if (all.length === 3 && first.kind === 'many' && second?.kind === 'text' && third?.kind === 'many') {
    return { kind: 'contains', text: second.text, cased };
  }
  return { kind: 'wildcard', parts: all, cased };
}
