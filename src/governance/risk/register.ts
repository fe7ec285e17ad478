import { cellsOf } from '@ironbark/risk';
import { systemOf } from '#governance';
import { NoOffice } from '#governance/controls';
import type { Actor } from '#identity';
import { Invalid, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { type Acceptance, lapsedBecause } from './acceptance.ts';
import type {
  AcceptanceView,
  NewRisk,
  RiskChange,
  RiskDetail,
  RiskResultView,
  RiskView,
} from './contract.ts';
import { byOf, type RiskDeps, systemBy } from './deps.ts';
import { RiskMoved } from './errors.ts';
import { bandOfOutcome, newestResult } from './results.ts';
import type { RiskRecord } from './risk-record.ts';
import * as store from './store-register.ts';

/** @throws {NotFound} */
export function listRegister(deps: RiskDeps, actor: Actor, environment: string): Promise<RiskView[]> {
  return deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, environment);
    return registerOf(tx, environment, deps.clock.now());
  });
}

/** Every risk of an environment as it is at that moment, open ones first. */
export async function registerOf(tx: Tx, environment: string, now: Date): Promise<RiskView[]> {
  const result = await newestResult(tx, environment);
  const given = Map.groupBy(await store.acceptances(tx, environment), ({ risk }) => risk);
  return (await store.risks(tx, environment)).map((risk) =>
    view(risk, result, given.get(risk.id) ?? [], now),
  );
}

/** @throws {NotFound} */
export function riskDetail(deps: RiskDeps, actor: Actor, id: string): Promise<RiskDetail> {
  return deps.records.transaction(actor.scope, (tx) => detail(deps, tx, actor, id));
}

async function detail(deps: RiskDeps, tx: Tx, actor: Actor, id: string): Promise<RiskDetail> {
  const risk = await reached(tx, actor, id);
  const result = await newestResult(tx, risk.environment);
  const given = (await store.acceptances(tx, risk.environment)).filter((one) => one.risk === id);
  const now = deps.clock.now();
  const history = await store.eventsOf(tx, id);
  const shown = view(risk, result, given, now);
  return {
    ...shown,
    acceptances: given.map((one) => acceptanceView(one, shown.now?.high, now)),
    history: history.map(({ at, ...event }) => ({ ...event, at: at.toISOString() })),
  };
}

async function reached(tx: Tx, actor: Actor, id: string): Promise<RiskRecord> {
  const risk = await store.lockRisk(tx, id);
  if (risk === undefined) throw new NotFound('risk', id);
  await systemOf(tx, actor.scope, risk.environment);
  return risk;
}

/** What the risk is now: of the newest run, or as somebody judged it. */
function figure(
  risk: RiskRecord,
  result: RiskResultView | undefined,
): { probability: number; low: number; high: number; band: number } | undefined {
  if (risk.judged !== null) return { ...risk.judged, probability: (risk.judged.low + risk.judged.high) / 2 };
  const outcome = result?.outcomes.find(
    (one) => one.asset === risk.asset && one.dimension === risk.dimension,
  );
  return outcome && { ...outcome, band: bandOfOutcome(outcome, result) };
}

function view(
  risk: RiskRecord,
  result: RiskResultView | undefined,
  given: readonly Acceptance[],
  now: Date,
): RiskView {
  const found = figure(risk, result);
  const [newest] = given;
  return {
    id: risk.id,
    title: risk.title,
    asset: risk.asset,
    dimension: risk.dimension,
    treatment: risk.treatment,
    plan: risk.plan,
    owner: risk.owner,
    dueAt: risk.dueAt?.toISOString() ?? null,
    closedAt: risk.closedAt?.toISOString() ?? null,
    createdAt: risk.createdAt.toISOString(),
    now:
      found === undefined
        ? null
        : {
            probability: found.probability,
            low: found.low,
            high: found.high,
            cells: cellsOf(found.low, found.high, found.band),
          },
    acceptance: newest === undefined ? null : acceptanceView(newest, found?.high, now),
  };
}

/** As it holds at this moment, whether or not the lapse was written down yet. */
function acceptanceView(one: Acceptance, high: number | undefined, now: Date): AcceptanceView {
  const because = one.lapsedBecause ?? lapsedBecause(one, high, now) ?? null;
  return {
    ceiling: one.ceiling,
    until: one.until.toISOString(),
    why: one.why,
    by: one.by.name,
    at: one.at.toISOString(),
    lapsedAt: (one.lapsedAt ?? (because === null ? null : now))?.toISOString() ?? null,
    lapsedBecause: because,
  };
}

/** @throws {NotFound} {Invalid} where no run has that outcome */
export function addRisk(
  deps: RiskDeps,
  actor: Actor,
  environment: string,
  given: NewRisk,
): Promise<RiskDetail> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const { tenancy } = await systemOf(tx, actor.scope, environment);
    const now = deps.clock.now();
    const risk: RiskRecord = {
      id: deps.ids.uuid(),
      environment,
      tenancy,
      title: given.title,
      asset: given.asset ?? null,
      dimension: given.dimension ?? null,
      judged: given.judged ?? null,
      treatment: given.treatment,
      plan: given.plan,
      owner: given.owner,
      dueAt: given.dueAt === null ? null : new Date(given.dueAt),
      closedAt: null,
      createdAt: now,
    };
    if (risk.judged === null && figure(risk, await newestResult(tx, environment)) === undefined)
      throw new Invalid('The newest run has no such outcome. Name an information asset and C, I or A of it.');
    await store.insertRisk(tx, risk);
    await note(deps, tx, risk, actor, 'added', given.title, {
      title: given.title,
      treatment: given.treatment,
    });
    return detail(deps, tx, actor, risk.id);
  });
}

/** @throws {NotFound} {Invalid} */
export function changeRisk(
  deps: RiskDeps,
  actor: Actor,
  id: string,
  change: RiskChange,
): Promise<RiskDetail> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const risk = await reached(tx, actor, id);
    const now = deps.clock.now();
    const next: RiskRecord = {
      ...risk,
      title: change.title ?? risk.title,
      treatment: change.treatment ?? risk.treatment,
      plan: change.plan ?? risk.plan,
      owner: change.owner ?? risk.owner,
      dueAt: change.dueAt === undefined ? risk.dueAt : change.dueAt === null ? null : new Date(change.dueAt),
      closedAt: change.closed === undefined ? risk.closedAt : change.closed ? (risk.closedAt ?? now) : null,
    };
    const changed = (['title', 'treatment', 'plan', 'owner', 'dueAt', 'closedAt'] as const).filter(
      (field) => String(next[field]) !== String(risk[field]),
    );
    if (changed.length === 0 && change.note === undefined) throw new Invalid('Nothing is to be changed.');
    if (changed.length > 0) await store.updateRisk(tx, next);
    const what = changed.length === 0 ? 'note' : 'changed';
    const text = changed.map(
      (field) => `${field}: ${next[field] instanceof Date ? next[field].toISOString() : String(next[field])}`,
    );
    await note(deps, tx, risk, actor, what, [...text, change.note ?? ''].filter(Boolean).join('\n'), {
      changed: changed.join(', '),
    });
    return detail(deps, tx, actor, id);
  });
}

/**
 * Takes it as it is, up to a ceiling and until a date. The one in force before ends with it. Who takes it holds an office
 * that can bear a risk for the provider of that environment: the permission alone is not enough.
 * @throws {NotFound} {NoOffice} {RiskMoved} where the risk is above that ceiling already {Invalid}
 */
export function acceptRisk(
  deps: RiskDeps,
  actor: Actor,
  id: string,
  given: { ceiling: number; until: string; why: string },
): Promise<RiskDetail> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const risk = await reached(tx, actor, id);
    const now = deps.clock.now();
    const until = new Date(given.until);
    if (until <= now) throw new Invalid('The date has passed.');
    if (risk.closedAt !== null) throw new RiskMoved('The risk is closed.');
    const system = await systemOf(tx, actor.scope, risk.environment);
    const office = await deps.bearingOffice(tx, actor, system, now);
    if (office === null) throw new NoOffice();
    const found = figure(risk, await newestResult(tx, risk.environment));
    const against = lapsedBecause({ ceiling: given.ceiling, until }, found?.high, now);
    if (against !== undefined) throw new RiskMoved(`It would lapse at once. ${against}`);
    for (const before of await store.acceptances(tx, risk.environment))
      if (before.risk === id && before.lapsedAt === null)
        await store.lapse(tx, before.id, now, 'Another acceptance took its place.');
    await store.insertAcceptance(tx, {
      id: deps.ids.uuid(),
      risk: id,
      tenancy: risk.tenancy,
      ceiling: given.ceiling,
      until,
      why: given.why,
      by: byOf(actor),
      at: now,
      lapsedAt: null,
      lapsedBecause: null,
    });
    await note(
      deps,
      tx,
      risk,
      actor,
      'accepted',
      `Up to ${given.ceiling} until ${given.until}, as ${office}. ${given.why}`,
      {
        office,
        ceiling: String(given.ceiling),
        until: given.until,
      },
    );
    return detail(deps, tx, actor, id);
  });
}

/** Writes down which acceptances hold no more. Once lapsed they stay so: somebody has to accept anew. */
export async function lapseWhatNoLongerHolds(deps: RiskDeps, tx: Tx, environment: string): Promise<void> {
  const open = (await store.acceptances(tx, environment)).filter(({ lapsedAt }) => lapsedAt === null);
  if (open.length === 0) return;
  const result = await newestResult(tx, environment);
  const all = new Map((await store.risks(tx, environment)).map((risk) => [risk.id, risk]));
  const now = deps.clock.now();
  for (const one of open) {
    const risk = all.get(one.risk);
    const because = risk && lapsedBecause(one, figure(risk, result)?.high, now);
    if (risk === undefined || because === undefined) continue;
    await store.lapse(tx, one.id, now, because);
    await note(deps, tx, risk, systemBy, 'acceptance lapsed', because, { because });
  }
}

async function note(
  deps: RiskDeps,
  tx: Tx,
  risk: RiskRecord,
  by: Actor | typeof systemBy,
  what: string,
  text: string,
  facts: Record<string, string>,
): Promise<void> {
  const { kind, id, name } = by;
  await store.insertEvent(tx, risk, { at: deps.clock.now(), what, note: text, by: name });
  await deps.ledger.record(tx, {
    actor: { kind, id, name },
    action: `risk.${what.replaceAll(' ', '-')}`,
    subject: `risk/${risk.id}`,
    tenancy: risk.tenancy,
    facts: { environment: risk.environment, ...facts },
  });
}
