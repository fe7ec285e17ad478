import type { RegexFlags } from '../ast.ts';

/** Who pays for the steps: false when there are no funds left, then the search ends undecided. */
export type Payer = { readonly pay: (units: number) => boolean };

/** One compiled expression, linear in the text. */
export type LinearRegex = {
  /** Is there a match anywhere? Undefined where the payer had no funds to find out. */
  readonly search: (text: string, payer: Payer) => boolean | undefined;
};

/**
 * Compiles what RE2 understands. Whether an expression is accepted is always asked of re2js, so that no engine changes
 * which rules are active; an engine is only another way to the same answer.
 */
export type RegexEngine = (source: string, flags: RegexFlags) => LinearRegex | { readonly refused: string };

/**
 * For an engine outside JavaScript, such as the npm package `re2`, which must be linear by itself and can't be stopped:
 * the text is paid for before it runs.
 * @param make gives an object with `test`; it may throw for an expression it does not understand
 * @param fallback compiles what `make` threw for
 */
export function nativeEngine(
  make: (source: string, flags: string) => { readonly test: (text: string) => boolean },
  fallback: RegexEngine,
): RegexEngine {
  return (source, flags) => {
    try {
      // RE2 reads code points; its JavaScript faces call that the u flag.
      const regex = make(
        source,
        `u${flags.ignoreCase ? 'i' : ''}${flags.multiLine ? 'm' : ''}${flags.dotAll ? 's' : ''}`,
      );
      return { search: (text, payer) => (payer.pay(16 + text.length * 4) ? regex.test(text) : undefined) };
    } catch {
      return fallback(source, flags);
    }
  };
}
