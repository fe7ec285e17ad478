import type { Actor } from '#identity';
import { NotFound } from '#platform/errors';
import { systemAccess } from '#platform/scope';
import type { DueItem, OrganisationDetail, OrganisationSummary } from './contract.ts';
import { iso, isoOrNull, type OrganisationsDeps } from './deps.ts';
import { dueItems } from './due.ts';
import { isEligible } from './organisation.ts';
import { listed, reachOf } from './reach.ts';
import type { OrganisationRecord } from './store.ts';
import { type Service, services, tenancyChanges } from './store-tenancies.ts';
import { type Community, conditionsIn, contactsIn, read } from './whole.ts';

const access = systemAccess('show organisations');

export function listOrganisations(deps: OrganisationsDeps, actor: Actor): Promise<OrganisationSummary[]> {
  return deps.records.transaction(access, async (tx) => {
    const all = await read(deps, tx, listed(await reachOf(tx, actor)), deps.clock.now());
    return all.organisations.map((one) => summary(one, all));
  });
}

/** @throws {NotFound} */
export function showOrganisation(
  deps: OrganisationsDeps,
  actor: Actor,
  id: string,
): Promise<OrganisationDetail> {
  return deps.records.transaction(access, async (tx) => {
    const reach = await reachOf(tx, actor);
    const all = await read(deps, tx, reach.all || reach.organisation === id ? id : '', deps.clock.now());
    const [organisation] = all.organisations;
    if (organisation === undefined) throw new NotFound('organisation', id);
    const tenancies = all.tenancies.get(id) ?? [];
    const history = await tenancyChanges(
      tx,
      tenancies.map((tenancy) => tenancy.id),
    );
    return {
      ...summary(organisation, all),
      conditions: tenancies
        .filter(({ internal }) => !internal)
        .map((tenancy) => ({ tenancy: tenancy.id, conditions: conditionsIn(all, organisation, tenancy) })),
      history: history.map((change) => ({ ...change, by: change.by.name, at: iso(change.at) })),
    };
  });
}

/** What is to be done soon, late things first. */
export function listDue(deps: OrganisationsDeps, actor: Actor): Promise<DueItem[]> {
  return deps.records.transaction(access, async (tx) =>
    dueItems(await read(deps, tx, listed(await reachOf(tx, actor)), deps.clock.now())),
  );
}

export const listServices = (deps: OrganisationsDeps): Promise<Service[]> =>
  deps.records.transaction(access, services);

function summary(organisation: OrganisationRecord, all: Community): OrganisationSummary {
  return {
    id: organisation.id,
    name: organisation.name,
    kind: organisation.kind,
    abn: organisation.abn,
    eligibility: {
      basis: organisation.basis,
      evidence: organisation.basisEvidence,
      reviewedAt: isoOrNull(organisation.reviewedAt),
      current: organisation.kind === 'provider' || isEligible(organisation, all.now),
    },
    tenancies: (all.tenancies.get(organisation.id) ?? []).map((tenancy) => ({
      id: tenancy.id,
      organisation: tenancy.organisation,
      environment: tenancy.environment,
      marking: tenancy.marking,
      internal: tenancy.internal,
      state: tenancy.state,
      since: iso(tenancy.since),
      retainedUntil: isoOrNull(tenancy.retainedUntil),
      services: [...(all.services.get(tenancy.id) ?? [])],
      agreement: all.agreements.get(tenancy.id) ?? null,
    })),
    people: (all.people.get(organisation.id) ?? []).filter(({ endedAt }) => endedAt === null).length,
    contacts: contactsIn(all, organisation.id).standing,
  };
}
