/** Literal text and wildcards, in order: `C:\*\cert?til` is ['C:\\', any, '\\cert', one, 'til']. */
export type PatternPart = { readonly literal: string } | { readonly wild: 'any' | 'one' };

export type Pattern = {
  readonly parts: readonly PatternPart[];
  /** Written in quotes: nothing in it is a wildcard. */
  readonly quoted: boolean;
};

export type Comparison = '>' | '>=' | '<' | '<=';

export type Test =
  /** `:` equal whatever the case, wildcards allowed; for addresses also a network. */
  | { readonly op: 'is'; readonly pattern: Pattern }
  /** `=` equal to the letter: the fastest. */
  | { readonly op: 'exactly'; readonly value: string }
  | { readonly op: 'compare'; readonly comparison: Comparison; readonly value: string }
  /** `[a TO b]`, `{a TO b}`: null is open. */
  | {
      readonly op: 'range';
      readonly low: string | null;
      readonly high: string | null;
      readonly lowIncluded: boolean;
      readonly highIncluded: boolean;
    }
  /** `field:*` */
  | { readonly op: 'present' };

export type Place = { readonly at: number; readonly length: number };

export type Query =
  | { readonly kind: 'everything' }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Query[] }
  | { readonly kind: 'not'; readonly part: Query }
  | { readonly kind: 'text'; readonly pattern: Pattern; readonly place: Place }
  | { readonly kind: 'field'; readonly name: string; readonly test: Test; readonly place: Place };

/** The text without its wildcards' meaning; undefined when it has any. */
export function plainText(pattern: Pattern): string | undefined {
  let text = '';
  for (const part of pattern.parts) {
    if (!('literal' in part)) return undefined;
    text += part.literal;
  }
  return text;
}
