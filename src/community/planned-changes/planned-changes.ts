import { changed } from '#community';
import { type OrganisationsDeps, tenancyStates } from '#community/organisations';
import type { Actor } from '#identity';
import type { Json } from '#ledger';
import { Conflict, Invalid, NotAllowed, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { tenancyId } from '#platform/scope';
import type { z } from 'zod';
import type { changeDecision, changeEnd, changeQuery, NewChange, PlannedChangeView } from './contract.ts';
import { ChangeRefused } from './errors.ts';
import { decisionFault, isOpen, type PlannedChange, type Who, windowFault } from './planned-change.ts';
import { changeById, changesIn, insertChange, saveDecision, saveOutcome } from './store.ts';

export type PlannedChangesDeps = Pick<OrganisationsDeps, 'records' | 'clock' | 'ids' | 'ledger'>;

/** Of the environments whose own tenancy the actor sees. For the provider's people: the permission is withheld from others. */
export function listChanges(
  deps: PlannedChangesDeps,
  actor: Actor,
  query: z.output<typeof changeQuery>,
): Promise<PlannedChangeView[]> {
  const { scope } = actor;
  return deps.records.transaction(scope, async (tx) => {
    const now = deps.clock.now();
    return (await changesIn(tx, scope.tenancies, query)).map((one) => shown(one, now));
  });
}

/** @throws {NotFound} */
export function showChange(deps: PlannedChangesDeps, actor: Actor, id: string): Promise<PlannedChangeView> {
  const { scope } = actor;
  return deps.records.transaction(scope, async (tx) => {
    const found = await changeById(tx, scope.tenancies, id, { held: false });
    if (found === undefined) throw new NotFound('change', id);
    return shown(found, deps.clock.now());
  });
}

/** Nothing may be done under it until somebody else approves. @throws {NotFound} {Invalid} */
export async function requestChange(
  deps: PlannedChangesDeps,
  actor: Actor,
  given: NewChange,
): Promise<PlannedChangeView> {
  const requestedBy = personOf(actor);
  const { scope } = actor;
  return deps.records.transaction(scope, async (tx) => {
    const now = deps.clock.now();
    const [from, until] = [new Date(given.from), new Date(given.until)];
    const fault = windowFault({ from, until, emergency: given.emergencyReason !== null }, now);
    if (fault !== undefined) throw new Invalid(fault);
    const own = await tenancyStates(tx, undefined);
    const tenancy = own.find(
      ({ id, internal, environment }) =>
        internal && environment === given.environment && scope.tenancies.includes(tenancyId(id)),
    );
    if (tenancy === undefined) throw new NotFound('environment', given.environment);
    const one: PlannedChange = {
      ...given,
      id: deps.ids.uuid(),
      tenancy: tenancy.id,
      from,
      until,
      state: 'draft',
      requestedBy,
      requestedAt: now,
      ...undecided,
    };
    await insertChange(tx, one);
    await note(deps, tx, actor, one, 'change.requested', {
      title: one.title,
      risk: one.risk,
      from: one.from.toISOString(),
      until: one.until.toISOString(),
      emergency: one.emergencyReason,
    });
    return shown(one, now);
  });
}

const undecided = {
  decidedBy: null,
  decidedAt: null,
  decisionNote: null,
  closedBy: null,
  closedAt: null,
  outcome: null,
  outcomeNote: null,
};

/** Approved or rejected, by somebody else than who asked; what is refused is recorded too. @throws {NotFound} {ChangeRefused} */
export async function decideOnChange(
  deps: PlannedChangesDeps,
  actor: Actor,
  id: string,
  { decision, note: words }: z.output<typeof changeDecision>,
): Promise<PlannedChangeView> {
  const by = personOf(actor);
  const { scope } = actor;
  const result = await deps.records.transaction(scope, async (tx) => {
    const one = await changeById(tx, scope.tenancies, id, { held: true });
    if (one === undefined) throw new NotFound('change', id);
    const now = deps.clock.now();
    const fault = decisionFault(one, by.id, now);
    if (fault !== undefined) {
      await note(deps, tx, actor, one, 'change.decision-refused', { why: fault });
      return fault;
    }
    const state = decision === 'approve' ? 'approved' : 'rejected';
    await saveDecision(tx, id, { state, by, at: now, note: words });
    await note(deps, tx, actor, one, `change.${state}`, { title: one.title, note: words });
    return shown({ ...one, state, decidedBy: by, decidedAt: now, decisionNote: words }, now);
  });
  if (typeof result === 'string') throw new ChangeRefused(result);
  return result;
}

/** Ends it: from then on nothing is done under it. @throws {NotFound} {Conflict} */
export function closeChange(
  deps: PlannedChangesDeps,
  actor: Actor,
  id: string,
  { outcome, note: words }: z.output<typeof changeEnd>,
): Promise<PlannedChangeView> {
  const { scope } = actor;
  return deps.records.transaction(scope, async (tx) => {
    const one = await changeById(tx, scope.tenancies, id, { held: true });
    if (one === undefined) throw new NotFound('change', id);
    if (one.state === 'closed' || one.state === 'rejected')
      throw new Conflict(`The change is ${one.state} already.`);
    if (one.state === 'draft' && outcome !== 'not-done')
      throw new Conflict('Nobody has approved this change, so nothing can have been done under it.');
    const now = deps.clock.now();
    await saveOutcome(tx, id, { outcome, by: actor.name, at: now, note: words });
    await note(deps, tx, actor, one, 'change.closed', { title: one.title, outcome, note: words });
    return shown(
      { ...one, state: 'closed', closedBy: actor.name, closedAt: now, outcome, outcomeNote: words },
      now,
    );
  });
}

/** Whoever holds the machine could be either of two people, and so is neither. */
function personOf(actor: Actor): Who {
  if (!actor.ofProvider) throw new NotAllowed('change.request');
  if (actor.userId === undefined)
    throw new Invalid(
      'A change has people behind it: sign in to the page, or set IRONBARK_TOKEN to a token of your own account.',
    );
  return { id: actor.userId, name: actor.name };
}

async function note(
  { ledger }: PlannedChangesDeps,
  tx: Tx,
  actor: Actor,
  { id, environment, tenancy }: PlannedChange,
  action: string,
  facts: Readonly<Record<string, Json>>,
): Promise<void> {
  await changed(tx, { kind: 'change', id });
  await ledger.record(tx, {
    actor,
    action,
    subject: `change/${id}`,
    tenancy,
    facts: { environment, ...facts },
  });
}

const shown = ({ tenancy: _tenancy, ...one }: PlannedChange, now: Date): PlannedChangeView => ({
  ...one,
  from: one.from.toISOString(),
  until: one.until.toISOString(),
  requestedAt: one.requestedAt.toISOString(),
  decidedAt: one.decidedAt?.toISOString() ?? null,
  closedAt: one.closedAt?.toISOString() ?? null,
  open: isOpen({ ...one, tenancy: _tenancy }, now),
});
