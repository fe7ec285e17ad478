import type { Condition, RuleMetadata } from '../ast.ts';

export type CorrelationType =
  | 'event_count'
  | 'value_count'
  | 'value_sum'
  | 'value_avg'
  | 'value_percentile'
  | 'temporal'
  | 'temporal_ordered'
  | 'temporal_extended'
  | 'temporal_ordered_extended';

export type Bound = { readonly order: 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq'; readonly value: number };

/** What one referenced rule gives to a group: where to find each group-by value in its events. */
export type Member = {
  /** Id of a detection rule or of another correlation. */
  readonly id: string;
  readonly name: string | null;
  /** In the order of `groupBy`. */
  readonly groupFields: readonly string[];
};

/** A correlation with every reference resolved. Plain data: it survives structuredClone. */
export type CorrelationRule = RuleMetadata & {
  readonly file: string;
  readonly line: number;
  readonly type: CorrelationType;
  /** In the author's order, which is the order of events for the ordered types. */
  readonly members: readonly Member[];
  readonly groupBy: readonly string[];
  readonly timespanMs: number;
  /** All must hold of the count, sum, average or percentile. Empty for the extended types. */
  readonly bounds: readonly Bound[];
  /** Fields whose values are counted or summed; [] where events are. */
  readonly valueFields: readonly string[];
  /** 0 to 100; null: the share, in percent, of the event's own value among the values of the window. */
  readonly percentile: number | null;
  /** For the extended types: which members (by id, as selection names) must have an event in the window. */
  readonly expression: Condition | null;
  /** True: the rules it refers to go on alerting alone. */
  readonly generate: boolean;
};
