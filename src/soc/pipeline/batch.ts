import type { BatchInput, BatchOutcome, FrameSlice, Reject } from '#soc/detect';
import type { Frame, Position } from '#platform/spool';

/** What the pipeline must know of a source to work on its frames. */
export type SourceFacts = {
  readonly tenancy: string;
  readonly format: string | null;
  readonly recorded: boolean;
};

/** A frame, or part of one, with its source's facts as they were when it was read. */
export type Piece = {
  readonly frame: Frame;
  readonly facts: SourceFacts;
  /** Places of the frame's items, from and up to. */
  readonly from: number;
  readonly to: number;
  /** Places in the frame of items that are in the event store already. */
  readonly stored: readonly number[];
};

export type Batch = {
  readonly pieces: readonly Piece[];
  /** Where reading goes on once this batch is committed. */
  readonly end: Position;
  readonly items: number;
  readonly oldestReceivedMs: number;
};

/** Copies the items' bytes into one buffer of their own: a worker takes it over. */
export function toInput(pieces: readonly Piece[]): BatchInput {
  let size = 0;
  for (const { frame, from, to } of pieces)
    for (let at = from; at < to; at++) size += frame.items[at]?.length ?? 0;
  const bytes = new ArrayBuffer(size);
  const target = Buffer.from(bytes);
  let offset = 0;
  const frames = pieces.map(({ frame, facts, from, to, stored }): FrameSlice => {
    const itemBytes = new Uint32Array(to - from);
    for (let at = from; at < to; at++) {
      const item = frame.items[at];
      if (item === undefined) continue;
      target.set(item, offset);
      offset += item.length;
      itemBytes[at - from] = item.length;
    }
    return {
      source: frame.source,
      tenancy: facts.tenancy,
      format: facts.format,
      recorded: facts.recorded,
      firstSequence: frame.firstSequence + from,
      wire: frame.wire,
      receivedMs: frame.receivedAt.getTime(),
      peer: frame.peer,
      itemBytes,
      clientIds: frame.clientIds.some((id) => id !== '') ? frame.clientIds.slice(from, to) : [],
      stored: stored.filter((place) => place >= from && place < to).map((place) => place - from),
    };
  });
  return { bytes, frames };
}

export const itemsOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { from, to }) => sum + to - from, 0);

/** Two parts with about half the items each, in order; for at least two items. */
export function halve(pieces: readonly Piece[]): [Piece[], Piece[]] {
  const half = Math.floor(itemsOf(pieces) / 2);
  const left: Piece[] = [];
  const right: Piece[] = [];
  let taken = 0;
  for (const piece of pieces) {
    const length = piece.to - piece.from;
    const here = Math.min(Math.max(half - taken, 0), length);
    if (here > 0) left.push({ ...piece, to: piece.from + here });
    if (here < length) right.push({ ...piece, from: piece.from + here });
    taken += length;
  }
  return [left, right];
}

/** The outcome of a batch of one item that must not be touched again. */
export function refused(piece: Piece, code: Reject['code'], reason: string): BatchOutcome {
  const { frame, facts, from } = piece;
  const sequence = frame.firstSequence + from;
  const item = frame.items[from] ?? Buffer.alloc(0);
  const common = { source: frame.source, tenancy: facts.tenancy };
  return {
    block: new Uint8Array(0),
    rows: 0,
    hits: [],
    baseHits: [],
    rejects: [
      {
        ...common,
        sequence,
        receivedMs: frame.receivedAt.getTime(),
        code,
        reason,
        wire: frame.wire,
        peer: frame.peer,
        clientId: frame.clientIds[from] ?? '',
        bytes: new Uint8Array(item.subarray(0, 65_536)),
        sizeBytes: item.length,
      },
    ],
    counts: [
      {
        ...common,
        stored: 0,
        rejected: 1,
        unmapped: 0,
        bytes: item.length,
        lastSequence: sequence,
        lastReceivedMs: frame.receivedAt.getTime(),
      },
    ],
    excepted: 0,
    rulesVersion: '',
    workMilliseconds: 0,
  };
}
