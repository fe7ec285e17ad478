import type { SourceId, TenancyId } from '#platform/scope';
import type { Entity, ReasonLine, Severity } from './contract.ts';

/** What an alert keeps of the rule that fired, as it stood then. */
export type RuleFacts = {
  readonly id: string;
  /** The version of the pack it came from. */
  readonly version: string;
  readonly title: string;
  readonly level: Severity;
  readonly author: string;
  /** E.g. 'DRL 1.1': shown with the author wherever a match is shown. */
  readonly licence: string;
  /** As the rule has them: `attack.t1059.001`, `attack.execution`. */
  readonly tags: readonly string[];
  readonly description: string;
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
};

/**
 * One firing of one rule, as the pipeline hands it to `Triage.record` in its checkpoint transaction.
 * A rule that fired on several events at once (a correlation) is one record with several `eventUids`.
 */
export type DetectionRecord = {
  readonly tenancy: TenancyId;
  readonly source: SourceId;
  readonly rule: RuleFacts;
  /** The event's own time (the last one's, for a correlation). */
  readonly eventAt: Date;
  /** When the door took it: ingest-to-alert time is measured from here. */
  readonly receivedAt: Date;
  /** Oldest first, at least one; only the last 100 are kept. */
  readonly eventUids: readonly string[];
  readonly reasons: readonly ReasonLine[];
  /** From `entitiesOf`; the first is the one alerts are grouped by. Never empty. */
  readonly entities: readonly Entity[];
  /** The event (the last one, for a correlation) as received, as JSON text; a plain line is a JSON string. */
  readonly eventJson: string;
};
