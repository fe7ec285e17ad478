import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { cellsOf, checkModel, modelHash, type RiskModel, type RiskResult } from '@ironbark/risk';
import { systemOf } from '#governance';
import type { Actor } from '#identity';
import { Conflict, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import {
  type EffectView,
  riskResult,
  type RiskPage,
  type RiskResultView,
  type WhatIfRequest,
} from './contract.ts';
import { byOf, type RiskDeps, systemBy } from './deps.ts';
import { RiskNotRun } from './errors.ts';
import { buildModel, systemDefaults } from './inputs.ts';
import { lapseWhatNoLongerHolds } from './register.ts';
import { residualsOf } from './residual.ts';
import { bandOfOutcome, newestResult } from './results.ts';
import { seenOf } from './seen.ts';
import * as store from './store.ts';

type Built = {
  readonly model: RiskModel;
  readonly seed: number;
  readonly draws: number;
  readonly tenancy: string;
};

/** The model of a system as everything stands now. Undefined where it has no information asset: there is nothing to lose. */
async function modelNow(deps: RiskDeps, tx: Tx, environment: string): Promise<Built | undefined> {
  const now = deps.clock.now();
  const { tenancy } = await systemOf(tx, access, environment);
  const { assets, edges } = await deps.inventory(tx, environment);
  if (!assets.some(({ kind, retired }) => kind === 'information' && !retired)) return undefined;
  const findings = await store.openFindings(tx, environment);
  const parameters = (await store.newestParameters(tx, environment))?.parameters ?? systemDefaults;
  const model = buildModel({
    assets,
    edges,
    findings,
    exploits: await store.exploitsOf(tx, [...new Set(findings.map(({ vulnerability }) => vulnerability))]),
    seen: await seenOf(deps, tx, environment, { assets, parameters, now }),
    safeguards: deps.safeguards,
    standings: await deps.standings(tx, environment, now),
    judgements: await deps.judgements(tx, environment, now),
    parameters,
    now,
  });
  return { model, seed: parameters.seed, draws: parameters.draws, tenancy };
}
const access = systemAccess('risk is of a system as a whole');

/**
 * Works the risk of a system out, and keeps it where anything it rests on differs from the last run. Acceptances that it
 * no longer stays below lapse in the same transaction.
 * @returns whether there is a new run
 */
export async function runRisk(
  deps: RiskDeps,
  environment: string,
  by: { kind: Actor['kind']; id: string; name: string } = systemBy,
): Promise<boolean> {
  const built = await deps.records.transaction(access, (tx) => modelNow(deps, tx, environment));
  if (built === undefined) return false;
  const hash = modelHash(built.model);
  const last = await deps.records.transaction(
    access,
    async (tx) => (await store.runs(tx, environment, 1))[0],
  );
  if (last?.model === hash && last.seed === built.seed && last.draws === built.draws) {
    // A date may have passed all the same, or something been accepted since.
    const result = await deps.records.transaction(access, async (tx) => {
      await lapseWhatNoLongerHolds(deps, tx, environment);
      return newestResult(tx, environment);
    });
    if (result) await deps.holdToCeilings(environment, residualsOf(built.model, result, deps));
    return false;
  }
  const from = performance.now();
  const result = await deps.thread.evaluate({ system: environment, ...built });
  const tookMs = Math.round(performance.now() - from);
  const text = JSON.stringify(result);
  const id = deps.ids.uuid();
  await deps.records.transaction(access, async (tx) => {
    await store.insertRun(tx, {
      id,
      environment,
      tenancy: built.tenancy,
      at: deps.clock.now(),
      seed: built.seed,
      draws: result.draws,
      modelHash: hash,
      model: gzipSync(JSON.stringify(built.model)),
      result: text,
      resultHash: digest(text),
      tookMs,
    });
    await deps.ledger.record(tx, {
      actor: by,
      action: 'risk.run',
      subject: `risk-run/${id}`,
      tenancy: built.tenancy,
      facts: { environment, model: hash, seed: built.seed, draws: result.draws, result: digest(text) },
    });
    await lapseWhatNoLongerHolds(deps, tx, environment);
  });
  await deps.holdToCeilings(environment, residualsOf(built.model, riskResult.parse(result), deps));
  deps.log.info(
    { environment, tookMs, assets: result.basis.assets, findings: result.basis.findings },
    'risk worked out',
  );
  return true;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** @throws {NotFound} */
export function riskOf(deps: RiskDeps, actor: Actor, environment: string): Promise<RiskPage> {
  return deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, environment);
    const trend = (await store.runs(tx, environment, 200)).reverse();
    const run = trend.at(-1) ?? null;
    const found = run && (await store.runById(tx, environment, run.id));
    const result = found ? riskResult.parse(found.result) : null;
    return {
      environment,
      run,
      result,
      cells: (result?.outcomes ?? []).map((one) => cellsOf(one.low, one.high, bandOfOutcome(one, result))),
      names: found ? namesIn(found.model, result) : {},
      trend,
    };
  });
}

/** Of the assets that the result speaks of. */
function namesIn(model: Uint8Array, result: RiskResultView | null): Record<string, string> {
  const wanted = new Set<string>();
  for (const { sets } of result?.causes ?? [])
    for (const { steps } of sets) for (const { from, to } of steps) wanted.add(from).add(to);
  return Object.fromEntries(
    unpack(model)
      .assets.filter(({ id }) => wanted.has(id))
      .map(({ id, name }) => [id, name ?? id]),
  );
}

function unpack(model: Uint8Array): RiskModel {
  const checked = checkModel(JSON.parse(gunzipSync(model).toString()));
  if (!checked.ok) throw new RiskNotRun('The run’s model can’t be read by this version.');
  return checked.model;
}

/** @throws {NotFound} {RiskNotRun} */
export async function askForRun(deps: RiskDeps, actor: Actor, environment: string): Promise<RiskPage> {
  await deps.records.transaction(actor.scope, (tx) => systemOf(tx, actor.scope, environment));
  await runRisk(deps, environment, byOf(actor));
  const page = await riskOf(deps, actor, environment);
  if (page.run === null)
    throw new RiskNotRun(
      'There is no information asset in this environment. Add one under Assets, with its values.',
    );
  return page;
}

/** Makes a run again from what was kept of it. @throws {NotFound} */
export async function runAgain(
  deps: RiskDeps,
  actor: Actor,
  environment: string,
  id: string,
): Promise<{ identical: boolean; resultHash: string; was: string }> {
  const run = await deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, environment);
    return store.runById(tx, environment, id);
  });
  if (run === undefined) throw new NotFound('run', id);
  const result: RiskResult = await deps.thread.evaluate({
    system: `${environment} again`,
    model: unpack(run.model),
    seed: run.seed,
    draws: run.draws,
  });
  const resultHash = digest(JSON.stringify(result));
  return { identical: resultHash === run.resultHash, resultHash, was: run.resultHash };
}

export function listRuns(deps: RiskDeps, actor: Actor, environment: string) {
  return deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, environment);
    return { runs: await store.runs(tx, environment, 500) };
  });
}

/** On the draws of the newest run. @throws {NotFound} {Conflict} {RiskNotRun} */
export async function whatIfGone(
  deps: RiskDeps,
  actor: Actor,
  environment: string,
  asked: WhatIfRequest,
): Promise<EffectView> {
  const run = await deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, environment);
    const [last] = await store.runs(tx, environment, 1);
    return last && (await store.runById(tx, environment, last.id));
  });
  if (run === undefined) throw new Conflict('Nothing was worked out here yet. Run it first.');
  const model = unpack(run.model);
  const controls = asked.controls.map(({ id, status }) => {
    const control = model.controls?.find((one) => one.id === id);
    if (control === undefined) throw new NotFound('control', id);
    const { observed: _seen, ...rest } = control;
    return { kind: 'controls' as const, id, value: { ...rest, status } };
  });
  const gone = (['findings', 'threats', 'reach', 'dependencies'] as const).flatMap((kind) =>
    asked[kind].map((id) => ({ kind, id })),
  );
  if (gone.length + controls.length === 0)
    throw new Conflict('Name what is to go, or a control and its status.');
  const effect = await deps.thread.whatIf({
    system: environment,
    model,
    seed: run.seed,
    draws: run.draws,
    changes: [...gone, ...controls],
  });
  return { ...effect, differences: [...effect.differences] };
}
