import type { Condition, Selection } from '../ast.ts';
import type { LogSource } from '../event.ts';

/** A processing pipeline as its file says; checked, so that applying it can't fail for its form. */
export type Pipeline = {
  readonly name: string;
  readonly file: string;
  /** Lower first. */
  readonly priority: number;
  readonly vars: Readonly<Record<string, readonly string[]>>;
  readonly steps: readonly Step[];
  /** Ours, not the ecosystem's: rules it changes stay active as they were, beside the changed form. */
  readonly keepOriginal: boolean;
};

export type Step = {
  readonly id: string | null;
  readonly ruleIf: ConditionSet<RuleCondition>;
  readonly itemIf: ConditionSet<ItemCondition>;
  readonly fieldIf: ConditionSet<FieldCondition>;
  readonly change: Change;
};

export type ConditionSet<T> = {
  readonly of: readonly T[];
  readonly join: 'and' | 'or';
  /** In place of `join`: a condition over the names `0`, `1`, … of the members. */
  readonly expression: Condition | null;
  readonly negated: boolean;
};

export type Comparison = 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'not_in';

type Applied = { readonly type: 'processing_item_applied'; readonly id: string };
type State = { readonly type: 'processing_state'; readonly key: string; readonly value: string };

export type RuleCondition =
  | { readonly type: 'logsource'; readonly logsource: LogSource }
  | { readonly type: 'contains_field'; readonly field: string }
  | { readonly type: 'contains_detection_item'; readonly field: string; readonly value: string }
  | { readonly type: 'tag'; readonly tag: string }
  | { readonly type: 'taxonomy'; readonly taxonomy: string }
  | {
      readonly type: 'rule_attribute';
      readonly attribute: string;
      readonly op: Comparison;
      readonly value: string;
    }
  /** Pipelines are applied to detection rules: correlations take their fields by `mapField`. */
  | { readonly type: 'is_sigma_rule' | 'is_sigma_correlation_rule' }
  | Applied
  | State;

export type ItemCondition =
  | {
      readonly type: 'match_string';
      readonly pattern: string;
      readonly cond: 'any' | 'all';
      readonly negate: boolean;
    }
  | { readonly type: 'match_value'; readonly value: string; readonly cond: 'any' | 'all' }
  | { readonly type: 'is_null' }
  | { readonly type: 'contains_wildcard' }
  | Applied
  | State;

export type FieldCondition =
  | {
      readonly type: 'include_fields' | 'exclude_fields';
      readonly fields: readonly string[];
      readonly pattern: boolean;
    }
  | Applied
  | State;

export type Change =
  | { readonly type: 'field_name_mapping'; readonly mapping: Readonly<Record<string, readonly string[]>> }
  | {
      readonly type: 'field_name_prefix_mapping';
      readonly mapping: Readonly<Record<string, readonly string[]>>;
    }
  | { readonly type: 'field_name_prefix'; readonly prefix: string }
  | { readonly type: 'field_name_suffix'; readonly suffix: string }
  | { readonly type: 'drop_detection_item' }
  | { readonly type: 'add_condition'; readonly selection: Selection; readonly negated: boolean }
  | { readonly type: 'change_logsource'; readonly logsource: LogSource }
  | {
      readonly type: 'replace_string';
      readonly regex: string;
      readonly replacement: string;
      /** Only the texts between wildcards are looked at, each for itself. */
      readonly skipSpecial: boolean;
      /** With `skipSpecial`: wildcards in what comes out are wildcards. */
      readonly interpretSpecial: boolean;
    }
  | { readonly type: 'regex'; readonly ignoreCase: boolean }
  | { readonly type: 'convert_type'; readonly target: 'str' | 'num' }
  | {
      readonly type: 'hashes_fields';
      readonly algorithms: readonly string[];
      readonly prefix: string;
      readonly dropAlgorithm: boolean;
    }
  | { readonly type: 'add_field' | 'remove_field' | 'set_field'; readonly fields: readonly string[] }
  | { readonly type: 'set_custom_attribute'; readonly attribute: string; readonly value: string }
  | { readonly type: 'nest'; readonly steps: readonly Step[] }
  | { readonly type: 'map_string'; readonly mapping: Readonly<Record<string, readonly string[]>> }
  | { readonly type: 'set_value'; readonly value: string | number | boolean | null }
  | { readonly type: 'case'; readonly method: 'lower' | 'upper' }
  | { readonly type: 'set_state'; readonly key: string; readonly value: string }
  | { readonly type: 'rule_failure' | 'detection_item_failure'; readonly message: string }
  | {
      readonly type: 'value_placeholders' | 'wildcard_placeholders';
      readonly include: readonly string[] | null;
      readonly exclude: readonly string[];
    };
