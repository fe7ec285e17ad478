import { setImmediate as breathe } from 'node:timers/promises';
import { type System, systemOf } from '#governance';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { type EvidenceDeps, systemBy } from './deps.ts';
import type { Collection, Evaluator, Judgement } from './evaluator.ts';
import { prepareFacts } from './facts-source.ts';
import { advanceFindings, type FindingsChange } from './findings.ts';
import { inForce, runsOut } from './in-force.ts';
import { inputHash, inputOf, judge, settling } from './judge.ts';
import { jsonOfJudgement } from './judgement-json.ts';
import { kindOf } from './kinds.ts';
import { collectionsAround } from './store.ts';
import {
  askedBefore,
  dropJudgements,
  insertChanges,
  lockSystem,
  putJudgements,
  type StoredJudgement,
  storedJudgements,
} from './store-judgements.ts';

const access = systemAccess('judge evidence');

/** Unknown stays so until something comes: no clock changes that. */
const never = new Date('9999-12-31T00:00:00Z');

export type Evaluated = {
  /** Evaluators that were asked. */
  readonly judged: number;
  /** Of these, the ones that say something else than before. */
  readonly changed: number;
  readonly findings: FindingsChange;
};

/**
 * Judges a system anew where that can make a difference: evaluators whose evidence changed, ran out or turned with time,
 * and new ones. Opens and closes findings. May run twice, or at the same time as another.
 * @param all ask every evaluator, whatever was said before
 */
export async function evaluateEvidence(
  deps: EvidenceDeps,
  environment: string,
  all = false,
): Promise<Evaluated> {
  const { records } = deps;
  const now = deps.clock.now();
  const { system, around, asked } = await records.transaction(access, async (tx) => ({
    system: await systemOf(tx, access, environment),
    around: await collectionsAround(tx, environment, now),
    asked: await askedBefore(tx, environment),
  }));
  const current = inForce(around, deps.kinds, now);
  const due = deps.evaluators.filter((evaluator) => {
    const before = asked.get(evaluator.id);
    return (
      all ||
      before === undefined ||
      now >= before.validUntil ||
      before.input !== inputHash(evaluator, inputOf(evaluator, current))
    );
  });
  const known = new Set(deps.evaluators.map(({ id }) => id));
  const gone = [...asked.keys()].filter((id) => !known.has(id));
  const ids = due.map(({ id }) => id);
  const said = await records.transaction(access, (tx) => saidBefore(tx, environment, ids));
  const fresh = await judgeThese(deps, system, due, current, now, (id) => said.get(id)?.judgement);
  return records.transaction(access, async (tx) => {
    await lockSystem(tx, environment);
    const before = await saidBefore(tx, environment, ids);
    // Somebody who looked later knows more.
    const newer = fresh.filter((one) => !((before.get(one.evaluator)?.judgedAt ?? 0) > one.judgedAt));
    const changed = newer.filter((one) => {
      const last = before.get(one.evaluator)?.judgement;
      return last === undefined || textOf(last) !== textOf(one.judgement);
    });
    await putJudgements(tx, newer);
    await insertChanges(tx, changed);
    await dropJudgements(tx, environment, gone);
    const findings = await advanceFindings(deps, tx, system, newer, before, now);
    if (changed.length > 0) await recordChanges(deps, tx, system, changed, before);
    return { judged: newer.length, changed: changed.length, findings };
  });
}

async function saidBefore(
  tx: Tx,
  environment: string,
  evaluators: readonly string[],
): Promise<Map<string, StoredJudgement>> {
  return new Map((await storedJudgements(tx, environment, evaluators)).map((one) => [one.evaluator, one]));
}

/** Judges, and records nothing but sums. */
export async function judgeThese(
  deps: EvidenceDeps,
  system: System,
  evaluators: readonly Evaluator[],
  current: readonly Collection[],
  now: Date,
  previousOf: (evaluator: string) => Judgement | undefined,
): Promise<StoredJudgement[]> {
  const source = await prepareFacts(deps.records, evaluators, current);
  const judgements: StoredJudgement[] = [];
  // Neighbours look at the same facts, which are still unpacked then.
  const inOrder = [...evaluators].sort((a, b) => (a.kinds.join() < b.kinds.join() ? -1 : 1));
  for (const [at, evaluator] of inOrder.entries()) {
    const collections = inputOf(evaluator, current);
    const judgement = judge(evaluator, collections, {
      now,
      previous: previousOf(evaluator.id),
      kinds: deps.kinds,
      source,
      failed: (error) => deps.log.error({ err: error, evaluator: evaluator.id }, 'evaluator failed'),
    });
    judgements.push({
      environment: system.environment,
      tenancy: system.tenancy,
      evaluator: evaluator.id,
      version: evaluator.version,
      controls: evaluator.controls,
      judgement,
      collections: collections.map(({ id }) => id),
      input: inputHash(evaluator, collections),
      judgedAt: now,
      ...validityOf(deps, evaluator, judgement, collections),
    });
    if (at % 20 === 0) await breathe();
  }
  return judgements;
}

function validityOf(
  deps: Pick<EvidenceDeps, 'kinds'>,
  evaluator: Evaluator,
  judgement: Judgement,
  collections: readonly Collection[],
): Pick<StoredJudgement, 'validUntil' | 'runsOut' | 'settle'> {
  const out = runsOut(collections);
  if (judgement.status === 'unknown' || out === undefined)
    return { validUntil: out?.at ?? never, runsOut: '', settle: settling(evaluator, deps.kinds) };
  if (judgement.until !== undefined && judgement.until < out.at)
    return {
      validUntil: judgement.until,
      runsOut: 'It was judged for a time that has passed, and is being judged anew.',
      settle: settling(evaluator, deps.kinds),
    };
  const { kind, source, collectedAt } = out.collection;
  const { title } = kindOf(deps.kinds, kind);
  return {
    validUntil: out.at,
    runsOut: `${title} from ${source}, collected ${collectedAt.toISOString()}, expired ${out.at.toISOString()}.`,
    settle: [`${title} from ${source}`],
  };
}

const textOf = (judgement: Judgement): string => JSON.stringify(jsonOfJudgement(judgement));

/** One entry for one look at a system: what turned, from what to what. */
async function recordChanges(
  deps: EvidenceDeps,
  tx: Tx,
  { environment, tenancy }: System,
  changed: readonly StoredJudgement[],
  before: ReadonlyMap<string, StoredJudgement>,
): Promise<void> {
  const turned = changed.filter(
    ({ evaluator, judgement }) => before.get(evaluator)?.judgement.status !== judgement.status,
  );
  if (turned.length === 0) return;
  await deps.ledger.record(tx, {
    actor: systemBy,
    action: 'evidence.judged',
    subject: `system/${environment}`,
    tenancy,
    facts: {
      turned: turned.length,
      evaluators: turned.slice(0, 100).map(({ evaluator, version, judgement }) => ({
        evaluator,
        version,
        from: before.get(evaluator)?.judgement.status ?? null,
        to: judgement.status,
      })),
    },
  });
}
