import type { SourceId } from '#platform/scope';

/** What the bytes of an item are, said by the door they came through; the normaliser decides what they mean. */
export type Wire = 'json' | 'syslog' | 'line';

/**
 * A run of items of one source that came in together: the spool's unit of writing, reading and checking.
 * `items` are the bytes as received, one event each, without their line end.
 */
export type Frame = {
  readonly source: SourceId;
  /** Number of the first item of this frame within its source: 1, 2, 3 ... without gaps, for the life of the source. */
  readonly firstSequence: number;
  readonly wire: Wire;
  readonly receivedAt: Date;
  /** For syslog: the peer's address. */
  readonly peer: string;
  readonly items: readonly Buffer[];
  /** The producer's own id of each item (`_id` of a bulk request), '' where it gave none. */
  readonly clientIds: readonly string[];
};

/** What a door hands over: sequences are the spool's to give. */
export type NewFrame = Omit<Frame, 'firstSequence'>;

/** Where reading goes on: byte-exact and ordered. Segments wholly before the committed position are deleted. */
export type Position = { readonly segment: number; readonly offset: number };

/**
 * Durable segment files between the doors and the pipeline.
 * INVARIANT: when `append` resolves, the frame survives kill -9 and power loss (fdatasync; appends share one sync).
 */
export interface Spool {
  /**
   * @returns the frame's first sequence, once it is on disk
   * @throws {SpoolFull} when the size cap or the disk is reached: nothing of the frame was taken; say "later" to the sender
   */
  append(frame: NewFrame): Promise<number>;
  /** Frames from `from` on, oldest first; waits at the end for more until `signal` aborts, or ends at `until`. */
  read(from: Position, signal: AbortSignal, until?: Position): AsyncIterable<{ frame: Frame; end: Position }>;
  /** Everything before `position` is stored and may be deleted. */
  release(position: Position): Promise<void>;
  /** Behind the last acknowledged frame. */
  readonly end: Position;
  /** Tells of each source the last sequence given. */
  lastSequence(source: SourceId): number;
  readonly sizeBytes: number;
  readonly capBytes: number;
  close(): Promise<void>;
}
