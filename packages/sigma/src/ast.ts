import type { LogSource } from './event.ts';

/** What a rule says about itself. Absent text is '', absent lists are []. */
export type RuleMetadata = {
  /** The rule's own id; a rule without one gets `unnamed-` and a digest of its detection, the same on every load. */
  readonly id: string;
  readonly ownId: boolean;
  /** The short name correlations may use in place of the id. */
  readonly name: string | null;
  readonly title: string;
  readonly status: string;
  readonly level: Level;
  readonly tags: readonly string[];
  readonly author: string;
  readonly license: string;
  readonly references: readonly string[];
  readonly falsepositives: readonly string[];
  readonly description: string;
  readonly date: string;
  readonly modified: string;
  readonly taxonomy: string;
  readonly fields: readonly string[];
  readonly scope: readonly string[];
};

export type Level = 'informational' | 'low' | 'medium' | 'high' | 'critical';

/** A detection rule that can be matched: nothing in it is left to resolve. Plain data: it survives structuredClone. */
export type Rule = RuleMetadata & {
  readonly logsource: LogSource;
  /** Where it was read: the path as given to `parseRules`, and the 1-based line its document starts on. */
  readonly file: string;
  readonly line: number;
  readonly detection: Detection;
};

export type Detection = {
  readonly selections: Readonly<Record<string, Selection>>;
  readonly condition: Condition;
  /** As the author wrote it; several conditions are OR. */
  readonly conditionText: readonly string[];
};

/** `1 of x*` is an `or`, `all of x*` an `and`, `2 of x*` an `atLeast`. */
export type Condition =
  | { readonly kind: 'and'; readonly of: readonly Condition[] }
  | { readonly kind: 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'atLeast'; readonly count: number; readonly of: readonly Condition[] }
  | { readonly kind: 'selection'; readonly name: string };

/** Maps are `and`, lists of maps `or`. */
export type Selection =
  | { readonly kind: 'and'; readonly of: readonly Selection[] }
  | { readonly kind: 'or'; readonly of: readonly Selection[] }
  | FieldItem
  | KeywordItem;

/** `field|modifiers: values`. True when `any` (or `all`) of the tests hold, the other way round when negated (`neq`). */
export type FieldItem = {
  readonly kind: 'field';
  readonly field: string;
  readonly modifiers: readonly string[];
  readonly join: 'any' | 'all';
  readonly negated: boolean;
  readonly tests: readonly Test[];
};

/** Values without a field: each is looked for in the text of every scalar of the event, one scalar at a time. */
export type KeywordItem = {
  readonly kind: 'keyword';
  readonly modifiers: readonly string[];
  readonly join: 'any' | 'all';
  readonly negated: boolean;
  readonly tests: readonly TextTest[];
};

/** One part of a wildcard pattern: `?` is exactly one character, `*` any number, line ends included. */
export type PatternPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'many' };

/**
 * A test on the text of a scalar. `text` is kept as the author wrote it; without `cased` both sides are compared
 * lower-cased (full Unicode). A number or boolean in an event is tested by its text.
 */
export type TextTest =
  | {
      readonly kind: 'equals' | 'startsWith' | 'endsWith' | 'contains';
      readonly text: string;
      readonly cased: boolean;
    }
  | { readonly kind: 'wildcard'; readonly parts: readonly PatternPart[]; readonly cased: boolean }
  /** Unanchored RE2 search; the flags are part of the test, not of the source. */
  | { readonly kind: 'regex'; readonly source: string; readonly flags: RegexFlags };

export type RegexFlags = {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
};

export type Order = 'eq' | 'lt' | 'lte' | 'gt' | 'gte';
export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

export type Test =
  | TextTest
  /** Equal by value when the event holds a number, else by text: `text` is the number as JavaScript prints it. */
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'compare'; readonly order: Exclude<Order, 'eq'>; readonly value: number }
  /** Syntactically valid addresses of the same family inside the network. `base` has 4 or 16 bytes. */
  | {
      readonly kind: 'cidr';
      readonly text: string;
      readonly family: 4 | 6;
      readonly base: readonly number[];
      readonly bits: number;
    }
  | { readonly kind: 'exists'; readonly expected: boolean }
  /** Absent or JSON null. The empty string is `equals ''`. */
  | { readonly kind: 'null' }
  | {
      readonly kind: 'fieldref';
      readonly field: string;
      readonly match: 'equals' | 'startsWith' | 'endsWith' | 'contains';
      readonly cased: boolean;
    }
  | { readonly kind: 'timePart'; readonly part: TimePart; readonly order: Order; readonly value: number };

/** A document that is not a detection rule, as it was read; its owner checks it. */
export type RawDocument = {
  readonly file: string;
  readonly line: number;
  readonly document: Readonly<Record<string, unknown>>;
};
