import type { Tx } from '#platform/records';
import { lifeOf } from './appointment.ts';
import { judge, type Known } from './conditions.ts';
import { type ContactStanding, standingOf } from './contact.ts';
import type { AgreementSlot } from './contract.ts';
import type { OrganisationsDeps } from './deps.ts';
import { type OrganisationRecord, organisationRecords, type TenancyRecord, tenancyStates } from './store.ts';
import { appointments } from './store-appointments.ts';
import { askedConditions, evidenceOf } from './store-conditions.ts';
import { contacts } from './store-contacts.ts';
import { people } from './store-people.ts';
import { consumedServices } from './store-tenancies.ts';

/** Everything about the organisations an actor may see, read in a handful of queries however many there are. */
export async function read(deps: OrganisationsDeps, tx: Tx, organisation: string | undefined, now: Date) {
  const tenancies = await tenancyStates(tx, organisation);
  const agreements = new Map<string, AgreementSlot>();
  if (deps.agreement !== undefined)
    for (const { id, organisation: owner, environment } of tenancies)
      agreements.set(id, await deps.agreement(tx, owner, environment, now));
  return {
    now,
    organisations: await organisationRecords(tx, organisation),
    tenancies: Map.groupBy(tenancies, (one) => one.organisation),
    agreements,
    services: await consumedServices(
      tx,
      tenancies.map(({ id }) => id),
    ),
    people: Map.groupBy(await people(tx, organisation), (one) => one.organisation),
    contacts: Map.groupBy(await contacts(tx, organisation), (one) => one.organisation),
    appointments: Map.groupBy(await appointments(tx, organisation), (one) => one.organisation),
    evidence: await evidenceOf(
      tx,
      tenancies.map(({ id }) => id),
    ),
    conditions: await askedConditions(tx),
  };
}
export type Community = Awaited<ReturnType<typeof read>>;

export const conditionsIn = (all: Community, organisation: OrganisationRecord, tenancy: TenancyRecord) =>
  judge(all.conditions, tenancy, knownOf(all, organisation, tenancy), all.now);

function knownOf(all: Community, organisation: OrganisationRecord, tenancy: TenancyRecord): Known {
  return {
    organisation,
    contacts: all.contacts.get(organisation.id) ?? [],
    appointments: inForce(all, organisation.id),
    evidence: all.evidence,
    agreement: all.agreements.get(tenancy.id),
  };
}

function inForce(all: Community, organisation: string) {
  const own = all.appointments.get(organisation) ?? [];
  const byId = new Map(own.map((one) => [one.id, one]));
  return own.filter((one) => lifeOf(one, all.now, byId.get(one.delegatedFrom ?? '')) === 'in-force');
}

export const contactsIn = (all: Community, organisation: string): ContactStanding =>
  standingOf(all.contacts.get(organisation) ?? [], all.now);
