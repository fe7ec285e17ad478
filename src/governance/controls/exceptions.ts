import { appointmentsInForce, type Office, personOfUser } from '#community/organisations';
import { governanceChanged, type System, systemOf } from '#governance';
import type { Actor } from '#identity';
import { systemActor } from '#identity';
import { Conflict, Invalid, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { Answer } from './answer.ts';
import type { ExceptionInput, ExceptionView } from './contract.ts';
import { type ControlDeps, providerOf, systemAndWords, who } from './deps.ts';
import { NoOffice } from './errors.ts';
import { type Exception, isAbove, type Residual, shownRisk } from './exception.ts';
import { lockSystem } from './store.ts';
import { exceptionHistory, exceptions, insertException, lapsing } from './store-exceptions.ts';

const day = 86_400_000;
/** How long something may be accepted. That a control does not apply is looked at with each assessment: 24 months (ISM-1570). */
const maxDays = { exception: 366, 'risk-acceptance': 366, 'not-applicable': 731 } as const;
/** Offices of the provider that can bear a risk for it. */
const bearers: readonly Office[] = ['ciso', 'cio', 'coo', 'risk-owner'];

/** @throws {NotFound} */
export function listExceptions(
  deps: ControlDeps,
  actor: Actor,
  environment: string,
): Promise<ExceptionView[]> {
  return deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, environment);
    const now = deps.clock.now();
    return (await exceptions(tx, environment)).map((one) => shownException(one, now));
  });
}

/** @throws {NotFound} {Invalid} {Conflict} */
export function requestException(
  deps: ControlDeps,
  actor: Actor,
  environment: string,
  given: ExceptionInput,
): Promise<ExceptionView> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const { system, words } = await systemAndWords(tx, actor, environment);
    const statementHash = words.get(given.control);
    if (statementHash === undefined) throw new NotFound('control', given.control);
    await lockSystem(tx, environment);
    const now = deps.clock.now();
    const until = new Date(given.until);
    if (until <= now) throw new Invalid('It is to end after now.');
    if (until.getTime() > now.getTime() + maxDays[given.kind] * day)
      throw new Invalid(`It can last ${maxDays[given.kind]} days at most. Ask again before it ends.`);
    const bounded = given.ceiling.level !== null || given.ceiling.probability !== null;
    if (bounded !== (given.kind === 'risk-acceptance'))
      throw new Invalid(
        bounded
          ? 'Only the acceptance of a risk has a ceiling.'
          : 'Say up to where the risk is accepted: a level, or a probability.',
      );
    const open = (await exceptions(tx, environment, given.control)).find(
      ({ kind, state }) => kind === given.kind && state === 'requested',
    );
    if (open !== undefined)
      throw new Conflict(`${open.requestedBy.name} has asked for it already. It waits to be decided.`);
    return shownException(
      await write(deps, tx, actor, system, {
        id: deps.ids.uuid(),
        version: 1,
        environment,
        control: given.control,
        statementHash,
        kind: given.kind,
        state: 'requested',
        reason: given.reason,
        compensating: given.compensating,
        ceiling: given.ceiling,
        until,
        requestedBy: who(actor),
        requestedAt: now,
        approved: null,
        by: who(actor),
        note: '',
        at: now,
      }),
      now,
    );
  });
}

/** Goes with an answer "Not Applicable", unless it is approved for these words or waits for it. */
export async function askNotApplicable(
  deps: ControlDeps,
  tx: Tx,
  actor: Actor,
  system: Pick<System, 'environment' | 'tenancy'>,
  { control, statementHash, narrative }: Answer,
): Promise<void> {
  const { environment } = system;
  const now = deps.clock.now();
  const there = (await exceptions(tx, environment, control)).some(
    (one) =>
      one.kind === 'not-applicable' &&
      one.statementHash === statementHash &&
      (one.state === 'requested' || (one.state === 'approved' && now < one.until)),
  );
  if (there) return;
  await write(deps, tx, actor, system, {
    id: deps.ids.uuid(),
    version: 1,
    environment,
    control,
    statementHash,
    kind: 'not-applicable',
    state: 'requested',
    reason: narrative,
    compensating: '',
    ceiling: { level: null, probability: null },
    until: new Date(now.getTime() + (maxDays['not-applicable'] - 1) * day),
    requestedBy: who(actor),
    requestedAt: now,
    approved: null,
    by: who(actor),
    note: '',
    at: now,
  });
}

/**
 * Nobody decides on what they asked for; a risk is accepted by who holds an office that can bear it.
 * @throws {NotFound} {Conflict} {Invalid} {NoOffice}
 */
export function decideException(
  deps: ControlDeps,
  actor: Actor,
  environment: string,
  id: string,
  { decision, note }: { readonly decision: 'approve' | 'refuse'; readonly note: string },
): Promise<ExceptionView> {
  return change(deps, actor, environment, id, async (tx, system, was, now) => {
    if (was.state !== 'requested') throw new Conflict(`It is "${was.state}" and can't be decided any more.`);
    if (decision === 'refuse') return { ...was, state: 'refused', note };
    if (was.requestedBy.id === actor.id)
      throw new Invalid('Nobody approves what they asked for. A colleague has to do it.');
    if (was.until <= now) throw new Conflict('Its end has passed. It has to be asked for again.');
    const { words } = await systemAndWords(tx, actor, environment);
    if (words.get(was.control) !== was.statementHash)
      throw new Conflict("The control's words changed since it was asked for. It has to be asked for again.");
    const office = await bearingOffice(tx, actor, system, now);
    if (was.kind === 'risk-acceptance' && office === null) throw new NoOffice();
    return { ...was, state: 'approved', note, approved: { by: actor.name, office, at: now } };
  });
}

/** Withdrawn by who asked for it before it was decided, ended by anybody who may once it was approved. */
export function endException(
  deps: ControlDeps,
  actor: Actor,
  environment: string,
  id: string,
  note: string,
): Promise<ExceptionView> {
  return change(deps, actor, environment, id, async (_tx, _system, was) => {
    if (was.state === 'approved') return { ...was, state: 'ended', note };
    if (was.state !== 'requested') throw new Conflict(`It is "${was.state}" already.`);
    if (was.requestedBy.id !== actor.id)
      throw new Invalid('Only who asked for it can withdraw it. Whoever may approve it can refuse it.');
    return { ...was, state: 'withdrawn', note };
  });
}

/** Writes down what ended by its date. How a control stands does not wait for it: the date itself counts. */
export function lapseExceptions(deps: ControlDeps): Promise<number> {
  return deps.records.transaction(systemAccess('write down what lapsed'), async (tx) => {
    const now = deps.clock.now();
    const ended = await lapsing(tx, now);
    for (const one of ended) {
      await lockSystem(tx, one.environment);
      const system = await systemOf(tx, systemAccess('write down what lapsed'), one.environment);
      await write(deps, tx, machine, system, {
        ...one,
        version: one.version + 1,
        state: 'lapsed',
        by: who(machine),
        note: one.approved === null ? 'Nobody decided on it before its end.' : 'Its end has come.',
        at: now,
      });
    }
    return ended.length;
  });
}

/** Ends what was accepted where the risk that was measured is above its ceiling. A step of the assessment. */
export function holdToCeilings(
  deps: ControlDeps,
  environment: string,
  /** By control; a control that is not in it was not measured. */
  measured: ReadonlyMap<string, Residual>,
): Promise<number> {
  const access = systemAccess('hold acceptances to their ceilings');
  return deps.records.transaction(access, async (tx) => {
    const now = deps.clock.now();
    const system = await systemOf(tx, access, environment);
    await lockSystem(tx, environment);
    const above = (await exceptions(tx, environment)).flatMap((one) => {
      const residual = measured.get(one.control);
      const inForce = one.kind === 'risk-acceptance' && one.state === 'approved' && now < one.until;
      return inForce && residual !== undefined && isAbove(one.ceiling, residual) ? [{ one, residual }] : [];
    });
    for (const { one, residual } of above)
      await write(deps, tx, machine, system, {
        ...one,
        version: one.version + 1,
        state: 'ended',
        by: who(machine),
        note: `The risk that was measured (${shownRisk(residual)}) is above what was accepted (${shownRisk(one.ceiling)}).`,
        at: now,
      });
    return above.length;
  });
}

const machine = systemActor('exceptions', [], undefined);

/** What is accepted for each control now: the first to end of each. */
export async function acceptancesOf(
  tx: Tx,
  environment: string,
  now: Date,
): Promise<ReadonlyMap<string, { readonly id: string; readonly until: Date }>> {
  const inForce = (await exceptions(tx, environment))
    .filter((one) => one.state === 'approved' && one.kind !== 'not-applicable' && now < one.until)
    .sort((a, b) => b.until.getTime() - a.until.getTime());
  return new Map(inForce.map(({ control, id, until }) => [control, { id, until }]));
}

function change(
  deps: ControlDeps,
  actor: Actor,
  environment: string,
  id: string,
  next: (tx: Tx, system: System, was: Exception, now: Date) => Promise<Exception>,
): Promise<ExceptionView> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const system = await systemOf(tx, actor.scope, environment);
    await lockSystem(tx, environment);
    const [was] = await exceptionHistory(tx, environment, id);
    if (was === undefined) throw new NotFound('exception', id);
    const now = deps.clock.now();
    const after = await next(tx, system, was, now);
    const one = { ...after, version: was.version + 1, by: who(actor), at: now };
    return shownException(await write(deps, tx, actor, system, one), now);
  });
}

async function write(
  deps: ControlDeps,
  tx: Tx,
  actor: Actor,
  { environment, tenancy }: Pick<System, 'environment' | 'tenancy'>,
  one: Exception,
): Promise<Exception> {
  await insertException(tx, tenancy, one);
  await deps.ledger.record(tx, {
    actor,
    action: `control-exception.${one.state}`,
    subject: `system/${environment}/control/${one.control}`,
    tenancy,
    facts: { exception: one.id, kind: one.kind, until: one.until.toISOString(), version: one.version },
  });
  await governanceChanged(tx, { environment, what: 'controls', now: deps.clock.now() });
  return one;
}

/** The office by which somebody can bear a risk for the provider; null for none. */
export async function bearingOffice(
  tx: Tx,
  actor: Pick<Actor, 'userId'>,
  system: System,
  at: Date,
): Promise<Office | null> {
  const person = actor.userId === undefined ? undefined : await personOfUser(tx, actor.userId);
  if (person === undefined) return null;
  const organisation = providerOf(system);
  const held = await appointmentsInForce(tx, { organisation, at, person: person.id, offices: bearers });
  return held[0]?.office ?? null;
}

export const shownException = (one: Exception, now: Date): ExceptionView => ({
  id: one.id,
  version: one.version,
  control: one.control,
  kind: one.kind,
  state: one.state,
  inForce: one.state === 'approved' && now < one.until,
  reason: one.reason,
  compensating: one.compensating,
  ceiling: { ...one.ceiling },
  until: one.until.toISOString(),
  requestedBy: one.requestedBy.name,
  requestedAt: one.requestedAt.toISOString(),
  approvedBy: one.approved?.by ?? null,
  approvedOffice: one.approved?.office ?? null,
  approvedAt: one.approved?.at.toISOString() ?? null,
  by: one.by.name,
  note: one.note,
  at: one.at.toISOString(),
});
