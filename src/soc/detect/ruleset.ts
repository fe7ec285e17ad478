import type { SigmaEvent } from '@ironbark/sigma';
import type { ReasonLine } from '../triage/contract.ts';
import type { LookCost } from './look-costs.ts';

/** Compiled rules, as the work on a batch needs them. */
export interface Ruleset {
  readonly version: string;
  /** Ids of the rules that fire, each once. @param json the text that all of the event's fields were parsed from */
  match(event: SigmaEvent, json: string | undefined): readonly string[];
  /** Whether the last event was too long, or too slow for a rule's expression, to be seen whole. */
  readonly partial: boolean;
  /** ATT&CK techniques of these rules: `T1059.001`. */
  techniques(ruleIds: readonly string[]): readonly string[];
  /** False for rules that only feed correlations. */
  alerts(ruleId: string): boolean;
  /** The fields that correlations on this rule group and count by; undefined where none builds on it. */
  correlated(ruleId: string, event: SigmaEvent): Readonly<Record<string, unknown>> | undefined;
  reasons(ruleId: string, event: SigmaEvent): readonly ReasonLine[];
  /** Of rules that were timed, or left undecided, at least once since the start. */
  costs(): readonly LookCost[];
}
