import type { Actor } from '#identity';
import { changed } from '#community';
import { Invalid, NotAllowed, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import { conditionsOf } from './conditions.ts';
import type { lifeChange, organisationChange, serviceInput } from './contract.ts';
import type { OrganisationsDeps } from './deps.ts';
import { ConditionsUnmet, TransitionRefused } from './errors.ts';
import { step } from './life-cycle.ts';
import { abnOf } from './organisation.ts';
import { mustReach, reaches, reachOf } from './reach.ts';
import { lockTenancy, organisationById, type TenancyRecord } from './store.ts';
import { askedConditions, dropEvidence, saveEvidence } from './store-conditions.ts';
import {
  insertTenancyChange,
  moveTenancy,
  saveService,
  services,
  setConsumed,
  updateAbn,
  updateEligibility,
} from './store-tenancies.ts';

const access = systemAccess('manage organisations');

/** @throws {NotFound} {TransitionRefused} {ConditionsUnmet} */
export function changeLife(
  deps: OrganisationsDeps,
  actor: Actor,
  id: string,
  given: z.infer<typeof lifeChange>,
): Promise<void> {
  return deps.records.transaction(access, async (tx) => {
    const tenancy = await existing(tx, actor, id);
    if (tenancy.internal)
      throw new TransitionRefused(id, 'The provider’s own tenancy is always there: it can’t be moved.');
    const now = deps.clock.now();
    const next = step(tenancy, given.to, now);
    if (!next.ok) throw new TransitionRefused(id, next.why);
    if (next.needsConditions) {
      const unmet = (await conditionsOf(tx, deps.agreement, tenancy, now)).filter(
        ({ standing }) => standing !== 'met',
      );
      if (unmet.length > 0)
        throw new ConditionsUnmet(
          id,
          unmet.map(({ name }) => name),
        );
    }
    if (given.to === 'invited') await dropEvidence(tx, id);
    await moveTenancy(tx, id, { state: given.to, since: now, retainedUntil: next.retainedUntil });
    await insertTenancyChange(tx, {
      tenancy: id,
      from: tenancy.state,
      to: given.to,
      reason: given.reason,
      by: { id: actor.id, name: actor.name },
      at: now,
    });
    await changed(tx, { kind: 'organisation', id: tenancy.organisation });
    await noteTenancy(deps, tx, actor, `tenancy.${given.to}`, id, {
      from: tenancy.state,
      reason: given.reason,
      retainedUntil: next.retainedUntil?.toISOString() ?? null,
    });
  });
}

/** @throws {NotFound} {Invalid} where the condition is met by what the system sees, or is not asked there */
export function recordEvidence(
  deps: OrganisationsDeps,
  actor: Actor,
  id: string,
  condition: string,
  evidence: string,
): Promise<void> {
  return deps.records.transaction(access, async (tx) => {
    const tenancy = await existing(tx, actor, id);
    const asked = (await askedConditions(tx)).find((one) => one.id === condition);
    if (asked === undefined) throw new NotFound('condition', condition);
    if (asked.metBy !== 'evidence')
      throw new Invalid(`"${asked.name}" is seen by the system itself: there is nothing to record.`);
    if (asked.markings.length > 0 && !asked.markings.includes(tenancy.marking))
      throw new Invalid(`"${asked.name}" is not asked in this environment.`);
    await saveEvidence(tx, {
      tenancy: id,
      condition,
      evidence,
      by: { id: actor.id, name: actor.name },
      at: deps.clock.now(),
    });
    await noteTenancy(deps, tx, actor, 'tenancy.evidence-recorded', id, { condition, evidence });
  });
}

/** @throws {NotFound} {Invalid} for a service that is not in the catalogue, or not offered any more */
export function consume(
  deps: OrganisationsDeps,
  actor: Actor,
  id: string,
  wanted: readonly string[],
): Promise<void> {
  return deps.records.transaction(access, async (tx) => {
    await existing(tx, actor, id);
    const offered = new Set((await services(tx)).filter((one) => one.offered).map((one) => one.id));
    const unknown = wanted.filter((service) => !offered.has(service));
    if (unknown.length > 0)
      throw new Invalid(`The catalogue does not offer ${unknown.join(', ')}.`, { services: unknown });
    await setConsumed(tx, id, wanted, deps.clock.now());
    await noteTenancy(deps, tx, actor, 'tenancy.services-changed', id, { services: wanted });
  });
}

export function defineService(
  deps: OrganisationsDeps,
  actor: Actor,
  given: z.infer<typeof serviceInput>,
): Promise<void> {
  if (!actor.ofProvider) throw new NotAllowed('community.manage');
  return deps.records.transaction(access, async (tx) => {
    await saveService(tx, given);
    await deps.ledger.record(tx, {
      actor,
      action: 'service.defined',
      subject: `service/${given.id}`,
      facts: { name: given.name, offered: given.offered },
    });
  });
}

/** @throws {NotFound} {Invalid} */
export function changeOrganisation(
  deps: OrganisationsDeps,
  actor: Actor,
  id: string,
  given: z.infer<typeof organisationChange>,
): Promise<void> {
  return deps.records.transaction(access, async (tx) => {
    const known = await organisationById(tx, id);
    await mustReach(tx, actor, known?.id, { kind: 'organisation', id });
    if (given.abn !== undefined) await updateAbn(tx, id, given.abn === null ? null : abnOf(given.abn));
    if (given.eligibility !== undefined)
      await updateEligibility(tx, id, { ...given.eligibility, at: deps.clock.now(), by: actor.name });
    await changed(tx, { kind: 'organisation', id });
    await deps.ledger.record(tx, {
      actor,
      action: 'organisation.changed',
      subject: `organisation/${id}`,
      facts: {
        ...(given.abn !== undefined && { abn: given.abn }),
        ...(given.eligibility && { basis: given.eligibility.basis, evidence: given.eligibility.evidence }),
      },
    });
  });
}

async function existing(tx: Tx, actor: Actor, id: string): Promise<TenancyRecord> {
  const tenancy = await lockTenancy(tx, id);
  if (tenancy === undefined || !reaches(await reachOf(tx, actor), tenancy.organisation))
    throw new NotFound('tenancy', id);
  return tenancy;
}

async function noteTenancy(
  deps: OrganisationsDeps,
  tx: Tx,
  actor: Actor,
  action: string,
  id: string,
  facts: Readonly<Record<string, string | null | readonly string[]>>,
): Promise<void> {
  await changed(tx, { kind: 'tenancy', id });
  await deps.ledger.record(tx, { actor, action, subject: `tenancy/${id}`, tenancy: id, facts });
}
