import type { CorrelationRule } from '@ironbark/sigma';
import type { Wire } from '#platform/spool';
import type { ReasonLine, Severity } from '../triage/contract.ts';
import type { LookCost } from './look-costs.ts';

/*
 * What main thread and workers say to each other. Everything survives structuredClone; the big buffers are transferred.
 */

/** A rule file as it was imported. */
export type RuleText = { readonly path: string; readonly text: string };

/** The rule does not fire for this tenancy where the field has this value (compared without case), until it expires. */
export type Exception = {
  readonly ruleId: string;
  readonly tenancy: string;
  readonly field: string;
  readonly value: string;
  readonly expiresMs: number;
};

/** Everything a worker needs to know of rules. A new version is a new set: nothing in it changes. */
export type RuleInput = {
  /** Shown with each detection. */
  readonly version: string;
  readonly texts: readonly RuleText[];
  readonly disabled: readonly string[];
  readonly exceptions: readonly Exception[];
};

/** One frame of a batch; its items' bytes stand in the batch's buffer one after the other. */
export type FrameSlice = {
  readonly source: string;
  readonly tenancy: string;
  /** What the source was declared to be: `windows`, `zeek//dns`, `aws//cloudtrail`, a map's name; null: recognise. */
  readonly format: string | null;
  /** Old recordings keep their own time. */
  readonly recorded: boolean;
  readonly firstSequence: number;
  readonly wire: Wire;
  readonly receivedMs: number;
  readonly peer: string;
  readonly itemBytes: readonly number[] | Uint32Array;
  /** Empty where no item has one. */
  readonly clientIds: readonly string[];
  /** Places (0-based) of items to leave out of the block, because they are stored already; they still detect. */
  readonly stored: readonly number[];
};

export type BatchInput = { readonly bytes: ArrayBuffer; readonly frames: readonly FrameSlice[] };

/** A rule that fired, as a worker reports it. The facts about the rule are in the list of rules, by id. */
export type Hit = {
  readonly ruleId: string;
  readonly tenancy: string;
  readonly source: string;
  readonly sequence: number;
  readonly eventUid: string;
  readonly eventMs: number;
  readonly receivedMs: number;
  readonly reasons: readonly ReasonLine[];
  /** The event's columns, as text. */
  readonly about: Readonly<Record<string, string>>;
  /** As received, as JSON text. */
  readonly eventJson: string;
};

/** An event of a rule that correlations build on: its fields are needed for grouping. */
export type BaseHit = {
  readonly ruleId: string;
  readonly tenancy: string;
  readonly source: string;
  readonly sequence: number;
  readonly eventUid: string;
  readonly eventMs: number;
  readonly receivedMs: number;
  /** Only the fields that correlations name. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly eventJson: string;
  readonly about: Readonly<Record<string, string>>;
};

export type Reject = {
  readonly source: string;
  readonly tenancy: string;
  readonly sequence: number;
  readonly receivedMs: number;
  readonly code: RejectCode;
  readonly reason: string;
  readonly wire: Wire;
  readonly peer: string;
  readonly clientId: string;
  /** At most the first 64 KiB. */
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
};
export type RejectCode =
  | 'empty'
  | 'not-json'
  | 'not-an-event'
  | 'too-deep'
  | 'failed'
  | 'poisoned'
  | 'not-storable'
  | 'no-source';

export type SourceCount = {
  readonly source: string;
  readonly tenancy: string;
  stored: number;
  rejected: number;
  unmapped: number;
  /** Bytes of the items as received. */
  bytes: number;
  /** Highest sequence of this batch. */
  lastSequence: number;
  lastReceivedMs: number;
};

export type BatchOutcome = {
  /** ClickHouse Native; empty when there is no row. */
  readonly block: Uint8Array<ArrayBuffer>;
  readonly rows: number;
  readonly hits: readonly Hit[];
  readonly baseHits: readonly BaseHit[];
  readonly rejects: readonly Reject[];
  readonly counts: readonly SourceCount[];
  /** Matches that an exception silenced, by rule. */
  readonly excepted: number;
  readonly rulesVersion: string;
  readonly workMilliseconds: number;
};

/** What the main thread knows of a rule after a worker compiled it. */
export type RuleFactsOut = {
  readonly id: string;
  readonly title: string;
  readonly level: Severity;
  readonly author: string;
  readonly licence: string;
  readonly tags: readonly string[];
  readonly description: string;
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
};

/** What came of a rule input. */
export type LoadedRules = {
  readonly rules: readonly RuleFactsOut[];
  readonly correlations: readonly CorrelationRule[];
  readonly rejectedRules: number;
};

export type ToWorker = { readonly kind: 'batch'; readonly id: number; readonly batch: BatchInput };
export type FromWorker =
  | { readonly kind: 'ready'; readonly loaded: LoadedRules }
  | { readonly kind: 'done'; readonly id: number; readonly outcome: BatchOutcome }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  /** Now and then, behind a batch. */
  | { readonly kind: 'costs'; readonly costs: readonly LookCost[] };
