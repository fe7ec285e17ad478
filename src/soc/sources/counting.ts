import type { Wire } from '#platform/spool';
import type { SourceId } from '#platform/scope';

/** Of a rejected item at most this much is kept; a longer one can be looked at, not replayed. */
export const keptBytes = 64 * 1024;

/** One item that was taken, but can't be understood. */
export type Rejection = {
  readonly source: SourceId;
  readonly receivedAt: Date;
  /** A stable name: 'json-invalid', 'item-too-large'. */
  readonly code: string;
  /** A sentence for the person who looks after the sender. */
  readonly reason: string;
  readonly wire: Wire;
  readonly peer: string;
  readonly clientId: string;
  readonly bytes: Buffer;
  /** Where `bytes` is only the start of it. */
  readonly sizeBytes: number;
};

/**
 * What the pipeline did with the next items of one source.
 * INVARIANT: stored + rejected = the items since the last `processed`; what is missing is counted as damaged.
 */
export type SourceDelta = {
  readonly source: SourceId;
  /** The last sequence that has been dealt with. */
  readonly processed: number;
  readonly stored: number;
  readonly rejected: number;
  /** Of those stored. */
  readonly unmapped: number;
  /** When the last of them came in. */
  readonly lastEventAt: Date;
};
