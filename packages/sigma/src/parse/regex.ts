import { RE2JS } from 're2js';
import type { RegexFlags } from '../ast.ts';

/** re2js flags for a Sigma regex. */
export function regexFlags(flags: RegexFlags): number {
  return (
    (flags.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.multiLine ? RE2JS.MULTILINE : 0) |
    (flags.dotAll ? RE2JS.DOTALL : 0)
  );
}

/** Compiles with a linear-time engine. @returns the reason where RE2 refuses (look-around, back-references, size) */
export function compileRegex(source: string, flags: RegexFlags): RE2JS | { readonly refused: string } {
  try {
    return RE2JS.compile(source, regexFlags(flags));
  } catch (error) {
    return { refused: error instanceof Error ? error.message : 'not a regular expression' };
  }
}
