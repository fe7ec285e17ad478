import type { CorrelationCounters } from '@ironbark/sigma';
import type { Logger } from 'pino';
import type { Clock } from '#platform/clock';
import type { EventStore } from '#platform/events';
import type { Records, Tx } from '#platform/records';
import { type SourceId, systemAccess } from '#platform/scope';
import type { Frame, Spool } from '#platform/spool';
import type { BatchOutcome, RuleFactsOut, RuleInput, WorkerPool } from '#soc/detect';
import type { Rejection, SourceDelta } from '#soc/sources';
import type { DetectionRecord, entitiesOf } from '#soc/triage';
import { assemble, type BatchLimits } from './assemble.ts';
import { type Batch, type Piece, type SourceFacts, toInput } from './batch.ts';
import { Correlations, correlationDetection, toJournal } from './correlation.ts';
import { acceptable, detectionsOf, isAway, mergeCounts, toDelta, toRejection } from './commit.ts';
import { Rate, Slots } from './flow.ts';
import { Latency } from './latency.ts';
import { Recovery } from './recover.ts';
import { untilDone } from './retry.ts';
import { insertOnce } from './insert.ts';
import { isCommitted, loadCheckpoint, saveCheckpoint, saveCorrelation } from './store.ts';
import { Spent } from './spent.ts';
import { workThrough } from './work.ts';

export type PipelineDeps = {
  readonly spool: Spool;
  readonly records: Records;
  readonly events: EventStore;
  readonly pool: WorkerPool;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Asked once per frame. Undefined for a source that does not exist: its items are rejected. */
  readonly sourceFacts: (source: SourceId) => SourceFacts | undefined;
  readonly entities: typeof entitiesOf;
  /** These two run in the checkpoint's transaction, once per batch. */
  readonly record: (tx: Tx, detections: readonly DetectionRecord[]) => Promise<void>;
  readonly count: (tx: Tx, deltas: readonly SourceDelta[], rejections: readonly Rejection[]) => Promise<void>;
  /** Hears of each detection how long ago its event came in, once it is an alert. */
  readonly alerted: (milliseconds: number) => void;
};

export type PipelineOptions = BatchLimits & {
  readonly rules: RuleInput;
  /** How long `stop` waits for what is under way. */
  readonly drainMilliseconds: number;
};

export const defaultLimits: BatchLimits = { items: 10_000, bytes: 32 * 1024 * 1024, windowMilliseconds: 250 };

export type PipelineStatus = {
  readonly eventsPerSecond: number;
  readonly committedEvents: number;
  readonly committedBatches: number;
  readonly pendingBatches: number;
  readonly ingestToAlertMilliseconds: { readonly p50: number | null; readonly p99: number | null };
  readonly ingestToStoreMilliseconds: { readonly p50: number | null; readonly p99: number | null };
  readonly rulesVersion: string;
  /** What the pipeline waits for; null while it flows. */
  readonly waitingFor: string | null;
  /** State of correlations: what is kept, and what was evicted for its bounds. */
  readonly correlations: CorrelationCounters;
};

export interface Pipeline {
  status(): PipelineStatus;
  /** Forgets the times measured so far. */
  resetLatency(): void;
  /** Takes effect between two batches; resolves when the new rules work. @throws {WorkerLost} the old set goes on */
  reload(rules: RuleInput): Promise<void>;
  rules(): { readonly version: string; readonly facts: readonly RuleFactsOut[]; readonly rejected: number };
  /** Reads no more, finishes what is under way, and ends. What could not be finished is taken up again at the next start. */
  stop(): Promise<void>;
  /** Settles when the pipeline has ended; rejects only for a fault of its own. */
  readonly ended: Promise<void>;
}

/**
 * Reads the spool from the checkpoint on and brings every item to the event store, its detections to triage and its
 * count to its source, each exactly once.
 *
 * Three steps overlap: workers on the next batches, one insert at a time, one commit at a time, all in the spool's order.
 */
export async function startPipeline(deps: PipelineDeps, options: PipelineOptions): Promise<Pipeline> {
  const { records, spool, pool, events, clock, log } = deps;
  const access = systemAccess('pipeline checkpoint');
  const reading = new AbortController();
  const waiting = new AbortController();
  const checkpoint = await records.transaction(access, loadCheckpoint);
  // One with each worker and one that is being stored. More would only divide the same events into smaller batches.
  const inFlight = pool.workers + 1;
  const recovery = new Recovery(events, Math.max(200_000, inFlight * options.items * 2));
  const facts = new Map<string, ReadonlyMap<string, RuleFactsOut>>([[options.rules.version, factsOf(pool)]]);
  const correlations = new Correlations(
    pool.loaded.correlations,
    checkpoint?.correlation ?? null,
    checkpoint?.journal ?? [],
  );
  let alertLatency = new Latency(clock.now().getTime());
  let storeLatency = new Latency(clock.now().getTime());
  const rate = new Rate();
  const spent = new Spent();
  let rules = options.rules;
  let waitingFor: string | null = null;
  let pending = 0;
  let committed = 0;
  let batches = 0;

  const told = (what: string) => (error: unknown, waitMilliseconds: number) => {
    if (waitingFor !== what) log.warn({ err: error, what, waitMilliseconds }, 'pipeline waits');
    waitingFor = what;
  };
  const patiently = async <T>(what: string, work: () => Promise<T>, worthAnother = isAway): Promise<T> => {
    const done = await untilDone(work, worthAnother, waiting.signal, told(what));
    if (waitingFor === what) waitingFor = null;
    return done;
  };

  const prepare = async (frames: readonly Frame[]): Promise<readonly Piece[]> => {
    const known = frames.map((frame) => ({ frame, facts: deps.sourceFacts(frame.source) ?? nobody }));
    const stored = await patiently('events', () =>
      recovery.stored(known.map(({ frame, facts: { tenancy } }) => ({ frame, tenancy }))),
    );
    return known.map(({ frame, facts: its }) => ({
      frame,
      facts: its,
      from: 0,
      to: frame.items.length,
      stored: stored.get(frame) ?? [],
    }));
  };

  const keep = (outcome: BatchOutcome, pieces: readonly Piece[]): Promise<void> =>
    outcome.rows === 0
      ? Promise.resolve()
      : insertOnce(events, pool, outcome, pieces, (work) => patiently('events', work));

  const commit = async (batch: Batch, outcomes: readonly BatchOutcome[]): Promise<void> => {
    const baseHits = outcomes.flatMap((outcome) => outcome.baseHits);
    const correlated = correlations.feed(baseHits).flatMap((one) => {
      const rule = facts.get(rules.version)?.get(one.fired.rule.id);
      return rule === undefined ? [] : [correlationDetection(one, rule, rules.version, deps.entities)];
    });
    const state = correlations.due();
    const journal = baseHits.map(toJournal);
    const detections = [
      ...outcomes.flatMap((outcome) => detectionsOf(outcome, facts, deps.entities)),
      ...correlated,
    ];
    const counts = mergeCounts(outcomes);
    const deltas = counts.map(toDelta);
    const rejections = outcomes.flatMap((outcome) => outcome.rejects.map(toRejection));
    const write = (kept: readonly DetectionRecord[]) => () =>
      records.transaction(access, async (tx) => {
        // A commit whose answer was lost is not made twice.
        if (await isCommitted(tx, batch.end)) return;
        await deps.record(tx, kept);
        await deps.count(tx, deltas, rejections);
        await saveCorrelation(tx, state, journal);
        await saveCheckpoint(tx, batch.end, rules.version, state, clock.now());
      });
    try {
      await patiently('records', write(detections));
    } catch (error) {
      if (waiting.signal.aborted) throw error;
      const kept = await acceptable(records, access, detections, deps.record, log);
      await patiently('records', write(kept), (cause) => {
        if (!isAway(cause)) log.error({ err: cause }, 'a batch can not be committed');
        return true;
      });
    }
    await spool.release(batch.end);
    spent.release(batch.pieces);
    const nowMs = clock.now().getTime();
    const stored = counts.reduce((sum, count) => sum + count.stored + count.rejected, 0);
    committed += stored;
    batches++;
    rate.add(stored, nowMs);
    for (const { receivedAt } of detections) {
      alertLatency.add(nowMs - receivedAt.getTime(), nowMs);
      deps.alerted(nowMs - receivedAt.getTime());
    }
    storeLatency.add(nowMs - batch.oldestReceivedMs, nowMs);
  };

  const run = async (): Promise<void> => {
    const slots = new Slots(inFlight);
    let stored: Promise<unknown> = Promise.resolve();
    let done: Promise<void> = Promise.resolve();
    const failure = new AbortController();
    const frames = spool.read(
      checkpoint?.position ?? { segment: 0, offset: 0 },
      AbortSignal.any([reading.signal, failure.signal]),
    );
    try {
      for await (const batch of assemble(frames, options, () => slots.take(failure.signal), prepare)) {
        pending++;
        const first = pool.run(() => toInput(batch.pieces));
        first.catch(() => undefined);
        const before = stored;
        const outcomes = (async () => {
          await before;
          return workThrough(
            (make) => pool.run(make),
            keep,
            (error) => !isAway(error) && !waiting.signal.aborted,
            batch.pieces,
            first,
          );
        })();
        stored = outcomes;
        stored.catch(() => undefined);
        const earlier = done;
        done = (async () => {
          const all = await outcomes;
          await earlier;
          await commit(batch, all);
          pending--;
          slots.give();
        })();
        done.catch((error: unknown) => failure.abort(error));
      }
    } catch (error) {
      if (!failure.signal.aborted && !reading.signal.aborted) throw error;
    }
    await done;
  };

  const ended = run().catch((error: unknown) => {
    if (waiting.signal.aborted) return;
    log.error({ err: error }, 'pipeline ended');
    throw error;
  });
  ended.catch(() => undefined);

  // One after the other: the last one asked for is the one that stays.
  let reloads: Promise<void> = Promise.resolve();
  const swap = async (next: RuleInput): Promise<void> => {
    await pool.reload(next);
    facts.set(next.version, factsOf(pool));
    // Batches of the set before may still be under way; older ones are not.
    for (const version of facts.keys())
      if (version !== next.version && version !== rules.version) facts.delete(version);
    rules = next;
    correlations.reload(pool.loaded.correlations);
    log.info({ version: next.version, rules: pool.loaded.rules.length }, 'rules reloaded');
  };

  return {
    ended,
    status: () => ({
      eventsPerSecond: rate.perSecond(clock.now().getTime()),
      committedEvents: committed,
      committedBatches: batches,
      pendingBatches: pending,
      ingestToAlertMilliseconds: { p50: alertLatency.quantile(0.5), p99: alertLatency.quantile(0.99) },
      ingestToStoreMilliseconds: { p50: storeLatency.quantile(0.5), p99: storeLatency.quantile(0.99) },
      rulesVersion: rules.version,
      waitingFor,
      correlations: correlations.totals,
    }),
    resetLatency: () => {
      alertLatency = new Latency(clock.now().getTime());
      storeLatency = new Latency(clock.now().getTime());
    },
    reload: (next) => {
      const turn = reloads.then(() => swap(next));
      reloads = turn.catch(() => undefined);
      return turn;
    },
    rules: () => ({ version: rules.version, facts: pool.loaded.rules, rejected: pool.loaded.rejectedRules }),
    stop: async () => {
      reading.abort();
      const timer = setTimeout(() => waiting.abort(), options.drainMilliseconds);
      await ended.catch(() => undefined);
      clearTimeout(timer);
      waiting.abort();
    },
  };
}

const factsOf = (pool: WorkerPool): ReadonlyMap<string, RuleFactsOut> =>
  new Map(pool.loaded.rules.map((rule) => [rule.id, rule]));

/** Its items are rejected by the worker: no row is without a tenancy. */
const nobody: SourceFacts = { tenancy: '', format: null, recorded: false };
