import { setImmediate as breathe } from 'node:timers/promises';
import type { Clock } from '#platform/clock';
import { AppError } from '#platform/errors';
import type { Spool, Wire } from '#platform/spool';
import type { KnownSource, Rejection, Sources } from '#soc/sources';
import type { Operation } from './bulk-body.ts';
import type { Dedupe } from './dedupe.ts';
import { type Fault, jsonFault, tooLarge } from './item.ts';

export type TakeDeps = {
  readonly spool: Pick<Spool, 'append'>;
  readonly sources: Pick<Sources, 'rejectAtDoor' | 'note' | 'heard'>;
  readonly dedupe: Dedupe;
  readonly clock: Clock;
  readonly maxItemBytes: number;
  readonly maxLineBytes: number;
};

/** What became of one operation. */
export type Outcome = {
  readonly operation: Pick<Operation, 'action' | 'index' | 'id'>;
  state: 'taken' | 'duplicate' | 'faulty' | 'refused';
  fault?: Fault;
};

const frameItems = 2000;
const frameBytes = 1024 * 1024;
/** How much is parsed before others get their turn. */
const turnBytes = 512 * 1024;

/**
 * Takes all operations of a request: good items are in the spool when this resolves, faulty ones are kept as rejected.
 * The bytes must not change meanwhile.
 *
 * @returns one outcome an operation, in order
 */
export async function takeBulk(
  deps: TakeDeps,
  source: KnownSource,
  request: {
    readonly operations: Iterable<Operation>;
    readonly wire: 'json' | 'line';
    readonly peer: string;
  },
): Promise<Outcome[]> {
  const { dedupe, clock } = deps;
  const { wire, peer } = request;
  const receivedAt = clock.now();
  const outcomes: Outcome[] = [];
  const rejections: Rejection[] = [];
  const rejected: Outcome[] = [];
  const waiting: Outcome[] = [];
  const appends: Promise<void>[] = [];
  let frame: { outcome: Outcome; bytes: Buffer }[] = [];
  let frameSize = 0;
  let parsed = 0;

  function flush(): void {
    if (frame.length === 0) return;
    appends.push(append(deps, source, frame, { receivedAt, wire, peer }));
    frame = [];
    frameSize = 0;
  }

  for (const { action, index, id, bytes, fault: actionFault } of request.operations) {
    const outcome: Outcome = { operation: { action, index, id }, state: 'taken' };
    outcomes.push(outcome);
    const fault = actionFault ?? faultOf(deps, wire, bytes);
    if (fault !== undefined) {
      outcome.state = 'faulty';
      outcome.fault = fault;
      rejected.push(outcome);
      rejections.push({
        source: source.id,
        receivedAt,
        ...fault,
        wire,
        peer,
        clientId: id,
        bytes,
        sizeBytes: bytes.length,
      });
    } else if (id !== '' && claimed(dedupe, source, outcome, waiting) !== 'new') {
      continue;
    } else {
      frame.push({ outcome, bytes });
      frameSize += bytes.length;
      if (frame.length >= frameItems || frameSize >= frameBytes) flush();
    }
    parsed += bytes.length;
    if (parsed >= turnBytes) {
      parsed = 0;
      await breathe();
    }
  }
  flush();
  await Promise.all(appends);
  if (waiting.length > 0) await settleWaiting(dedupe, source, waiting);
  await keepRejected(deps, rejections, rejected);
  count(deps, source, outcomes);
  return outcomes;
}

function claimed(
  dedupe: Dedupe,
  source: KnownSource,
  outcome: Outcome,
  waiting: Outcome[],
): 'new' | 'pending' | 'known' {
  const claim = dedupe.claim(source.id, outcome.operation.id);
  if (claim === 'known') outcome.state = 'duplicate';
  if (claim === 'pending') waiting.push(outcome);
  return claim;
}

function faultOf(deps: TakeDeps, wire: 'json' | 'line', bytes: Buffer): Fault | undefined {
  if (wire === 'json') return jsonFault(bytes, deps.maxItemBytes);
  return bytes.length > deps.maxLineBytes ? tooLarge(bytes.length, deps.maxLineBytes) : undefined;
}

/** Sets the outcomes of its items; never throws for what the spool could not take. */
async function append(
  { spool, dedupe }: TakeDeps,
  source: KnownSource,
  frame: readonly { outcome: Outcome; bytes: Buffer }[],
  arrival: { readonly receivedAt: Date; readonly wire: Wire; readonly peer: string },
): Promise<void> {
  let isTaken = false;
  try {
    await spool.append({
      source: source.id,
      ...arrival,
      items: frame.map(({ bytes }) => bytes),
      clientIds: frame.map(({ outcome }) => outcome.operation.id),
    });
    isTaken = true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    for (const { outcome } of frame) outcome.state = 'refused';
  } finally {
    for (const { outcome } of frame) {
      const { id } = outcome.operation;
      if (id !== '') dedupe.settle(source.id, id, isTaken);
    }
  }
}

/**
 * An item whose id another request (or an earlier line of this one) is just bringing: it is a duplicate once that one
 * is durable, and to be sent again if it was not.
 */
async function settleWaiting(
  dedupe: Dedupe,
  source: KnownSource,
  waiting: readonly Outcome[],
): Promise<void> {
  await dedupe.settled(source.id);
  for (const outcome of waiting) {
    const claim = dedupe.claim(source.id, outcome.operation.id);
    if (claim === 'new') dedupe.settle(source.id, outcome.operation.id, false);
    outcome.state = claim === 'known' ? 'duplicate' : 'refused';
  }
}

async function keepRejected(
  deps: TakeDeps,
  rejections: readonly Rejection[],
  outcomes: readonly Outcome[],
): Promise<void> {
  try {
    await deps.sources.rejectAtDoor(rejections);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // What can't be kept as rejected is not answered as such: the sender keeps it.
    for (const outcome of outcomes) outcome.state = 'refused';
  }
}

function count({ sources }: TakeDeps, source: KnownSource, outcomes: readonly Outcome[]): void {
  let duplicates = 0;
  let refused = 0;
  for (const { state } of outcomes) {
    if (state === 'duplicate') duplicates++;
    if (state === 'refused') refused++;
  }
  if (duplicates + refused > 0) sources.note(source.id, { duplicates, refused });
  if (refused < outcomes.length) sources.heard(source.id);
}
