import type { CollectionView, FindingView, judged, Sent } from './contract.ts';
import type { z } from 'zod';
import type { Seen } from './collections.ts';
import type { Evaluator, Fact } from './evaluator.ts';
import type { Finding } from './finding.ts';
import type { EvidenceKind } from './importer.ts';
import { shownFailing, shownJudgement } from './judgement-json.ts';
import { kindOf } from './kinds.ts';
import type { StoredJudgement } from './store-judgements.ts';
import type { Taken } from './take.ts';

export const shownFact = ({ subject, at, values }: Fact) => ({
  subject,
  at: at?.toISOString() ?? null,
  values: { ...values },
});

export function shownCollection(
  { collection: one, state }: Seen,
  kinds: readonly EvidenceKind[],
): CollectionView {
  return {
    id: one.id,
    environment: one.environment,
    kind: one.kind,
    title: kindOf(kinds, one.kind).title,
    source: one.source,
    origin: one.origin,
    importer: one.importer,
    collectedAt: one.collectedAt.toISOString(),
    expiresAt: one.expiresAt.toISOString(),
    receivedAt: one.receivedAt.toISOString(),
    state,
    population: { ...one.population, of: one.population.of ?? null },
    facts: one.facts,
    hash: one.hash,
    rawBytes: one.rawBytes ?? null,
    ceiling: one.ceiling,
    by: one.by.name,
  };
}

export function shownSent(taken: Taken, dryRun: boolean, now: Date, kinds: readonly EvidenceKind[]): Sent {
  const { collection } = taken;
  const state = collection.expiresAt <= now ? 'expired' : 'in-force';
  return {
    dryRun,
    applied: taken.applied,
    known: taken.known,
    refused: taken.refused ?? null,
    collection: taken.applied || taken.known || dryRun ? shownCollection({ collection, state }, kinds) : null,
    sample: taken.gathered.sample.map(shownFact),
    report: taken.report,
  };
}

export const titleOf = (evaluators: readonly Evaluator[], id: string): string =>
  evaluators.find((one) => one.id === id)?.title ?? id;

export const shownJudged = (
  one: StoredJudgement,
  evaluators: readonly Evaluator[],
): z.infer<typeof judged> => ({
  evaluator: one.evaluator,
  title: titleOf(evaluators, one.evaluator),
  version: one.version,
  controls: [...one.controls],
  judgement: shownJudgement(one.judgement),
  collections: [...one.collections],
  judgedAt: one.judgedAt.toISOString(),
  validUntil: one.validUntil.toISOString(),
});

export function shownFinding(one: Finding, evaluators: readonly Evaluator[], now: Date): FindingView {
  const state = one.closedAt !== undefined ? 'closed' : one.accepted !== undefined ? 'accepted' : 'open';
  return {
    id: one.id,
    environment: one.environment,
    control: one.control,
    evaluator: one.evaluator,
    title: titleOf(evaluators, one.evaluator),
    origin: one.origin,
    state,
    openedAt: one.openedAt.toISOString(),
    closedAt: one.closedAt?.toISOString() ?? null,
    because: one.because,
    failed: one.failed,
    failing: one.failing.map(shownFailing),
    owner: one.owner ?? null,
    dueAt: state === 'open' ? one.dueAt.toISOString() : null,
    overdue: state === 'open' && one.dueAt < now,
    accepted: one.accepted ? { id: one.accepted.id, until: one.accepted.until.toISOString() } : null,
    lastStatus: one.lastStatus,
    lastJudgedAt: one.lastJudgedAt.toISOString(),
  };
}
