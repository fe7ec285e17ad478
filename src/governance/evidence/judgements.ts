import { systemOf } from '#governance';
import type { Actor } from '#identity';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { EvidenceDeps } from './deps.ts';
import { evaluateEvidence, judgeThese } from './evaluate.ts';
import type { ControlJudgement, Judgement } from './evaluator.ts';
import { inForce } from './in-force.ts';
import { collectionsAround } from './store.ts';
import {
  changesOf,
  type JudgementChange,
  saidAt,
  type StoredJudgement,
  storedJudgements,
} from './store-judgements.ts';

/** INVARIANT: what was judged from evidence that has run out reads as unknown, from that very moment on. */
export function readAt({ judgement, validUntil, runsOut, settle }: StoredJudgement, now: Date): Judgement {
  if (now < validUntil || judgement.status === 'unknown') return judgement;
  return { status: 'unknown', because: runsOut, wouldSettle: settle };
}

/** What evaluators say of each control now, by control id. */
export async function judgementsOf(
  tx: Tx,
  environment: string,
  now: Date,
): Promise<Map<string, ControlJudgement[]>> {
  const byControl = new Map<string, ControlJudgement[]>();
  for (const stored of await storedJudgements(tx, environment)) {
    const { evaluator, version, collections, judgedAt, validUntil } = stored;
    const said = {
      environment,
      evaluator,
      version,
      collections,
      judgedAt,
      validUntil,
      judgement: readAt(stored, now),
    };
    for (const control of stored.controls) {
      const before = byControl.get(control);
      if (before === undefined) byControl.set(control, [{ ...said, control }]);
      else before.push({ ...said, control });
    }
  }
  return byControl;
}

/** What each evaluator says now. @throws {NotFound} */
export function listJudgements(
  deps: EvidenceDeps,
  actor: Actor,
  environment: string,
  control?: string,
): Promise<StoredJudgement[]> {
  return deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, environment);
    const now = deps.clock.now();
    return (await storedJudgements(tx, environment))
      .filter(({ controls }) => control === undefined || controls.includes(control))
      .map((one) => ({ ...one, judgement: readAt(one, now) }));
  });
}

/** Newest first. @throws {NotFound} */
export function judgementChanges(
  deps: EvidenceDeps,
  actor: Actor,
  environment: string,
  evaluator: string,
): Promise<JudgementChange[]> {
  return deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, environment);
    return changesOf(tx, environment, evaluator);
  });
}

export type Rejudged = {
  readonly asOf: Date;
  readonly judgements: readonly (StoredJudgement & { readonly saidThen: Judgement | undefined })[];
};

/**
 * What today's evaluators make of the evidence that was in force at that time, beside what was said then. Nothing is
 * changed by it. @throws {NotFound}
 */
export async function judgeAsOf(
  deps: EvidenceDeps,
  actor: Actor,
  environment: string,
  asOf: Date,
): Promise<Rejudged> {
  const { system, around, before } = await deps.records.transaction(actor.scope, async (tx) => ({
    system: await systemOf(tx, actor.scope, environment),
    around: await collectionsAround(tx, environment, asOf),
    before: await saidAt(tx, environment, asOf),
  }));
  const current = inForce(around, deps.kinds, asOf);
  const judgements = await judgeThese(deps, system, deps.evaluators, current, asOf, () => undefined);
  return {
    asOf,
    judgements: judgements.map((one) => ({ ...one, saidThen: before.get(one.evaluator)?.judgement })),
  };
}

/** Asks every evaluator anew, whatever was said before. @throws {NotFound} */
export async function rejudgeAll(deps: EvidenceDeps, actor: Actor, environment: string): Promise<Rejudged> {
  const system = await deps.records.transaction(actor.scope, (tx) => systemOf(tx, actor.scope, environment));
  const asOf = deps.clock.now();
  const access = systemAccess('judge evidence');
  const before = await deps.records.transaction(access, (tx) => saidAt(tx, environment, asOf));
  await evaluateEvidence(deps, system.environment, true);
  await deps.records.transaction(actor.scope, (tx) =>
    deps.ledger.record(tx, {
      actor,
      action: 'evidence.rejudged',
      subject: `system/${environment}`,
      tenancy: system.tenancy,
      facts: { evaluators: deps.evaluators.length },
    }),
  );
  const judgements = await listJudgements(deps, actor, environment);
  return {
    asOf,
    judgements: judgements.map((one) => ({ ...one, saidThen: before.get(one.evaluator)?.judgement })),
  };
}
