import type { Logger } from 'pino';
import { AppError } from '#platform/errors';
import type { Records, Tx } from '#platform/records';
import { type Access, sourceId } from '#platform/scope';
import type { BatchOutcome, Reject, RuleFactsOut, SourceCount } from '#soc/detect';
import type { Rejection, SourceDelta } from '#soc/sources';
import type { DetectionRecord, entitiesOf } from '#soc/triage';
import { toDetection } from './detections.ts';

export type FactsByVersion = ReadonlyMap<string, ReadonlyMap<string, RuleFactsOut>>;

/** Whether waiting can help: the store is away, busy or full, and the batch is not at fault. */
export const isAway = (error: unknown): boolean =>
  error instanceof AppError && (error.status === 503 || error.status === 507);

export function detectionsOf(
  outcome: BatchOutcome,
  facts: FactsByVersion,
  entities: typeof entitiesOf,
): DetectionRecord[] {
  const rules = facts.get(outcome.rulesVersion);
  return outcome.hits
    .map((hit) => toDetection(hit, rules?.get(hit.ruleId), outcome.rulesVersion, entities))
    .filter((detection) => detection !== undefined);
}

/** One count per source: a batch that was divided has several. */
export function mergeCounts(outcomes: readonly BatchOutcome[]): SourceCount[] {
  const merged = new Map<string, SourceCount>();
  for (const count of outcomes.flatMap((outcome) => outcome.counts)) {
    const sum = merged.get(count.source);
    if (sum === undefined) merged.set(count.source, { ...count });
    else {
      sum.stored += count.stored;
      sum.rejected += count.rejected;
      sum.unmapped += count.unmapped;
      sum.bytes += count.bytes;
      sum.lastSequence = Math.max(sum.lastSequence, count.lastSequence);
      sum.lastReceivedMs = Math.max(sum.lastReceivedMs, count.lastReceivedMs);
    }
  }
  return [...merged.values()];
}

class TriedOut extends Error {}

/** Runs `work` in a transaction that is always rolled back. @throws what `work` throws */
async function tryOut(records: Records, access: Access, work: (tx: Tx) => Promise<void>): Promise<void> {
  try {
    await records.transaction(access, async (tx) => {
      await work(tx);
      throw new TriedOut();
    });
  } catch (error) {
    if (!(error instanceof TriedOut)) throw error;
  }
}

/**
 * The detections that triage can take, each tried by itself: for a batch that it refused as a whole.
 * One that it can't take is logged as an error; its event is stored all the same.
 */
export async function acceptable(
  records: Records,
  access: Access,
  detections: readonly DetectionRecord[],
  record: (tx: Tx, detections: readonly DetectionRecord[]) => Promise<void>,
  log: Pick<Logger, 'error'>,
): Promise<DetectionRecord[]> {
  const kept: DetectionRecord[] = [];
  for (const detection of detections) {
    try {
      await tryOut(records, access, (tx) => record(tx, [detection]));
      kept.push(detection);
    } catch (error) {
      if (isAway(error)) kept.push(detection);
      else
        log.error(
          { err: error, ruleId: detection.rule.id, eventUids: detection.eventUids },
          'a detection could not be recorded',
        );
    }
  }
  return kept;
}

export const toDelta = (count: SourceCount): SourceDelta => ({
  source: sourceId(count.source),
  processed: count.lastSequence,
  stored: count.stored,
  rejected: count.rejected,
  unmapped: count.unmapped,
  lastEventAt: new Date(count.lastReceivedMs),
});

export const toRejection = (reject: Reject): Rejection => ({
  source: sourceId(reject.source),
  receivedAt: new Date(reject.receivedMs),
  code: reject.code,
  reason: reject.reason.replaceAll('\0', '\ufffd'),
  wire: reject.wire,
  peer: reject.peer,
  clientId: reject.clientId,
  bytes: Buffer.from(reject.bytes),
  sizeBytes: reject.sizeBytes,
});
