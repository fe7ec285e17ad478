import type { Actor } from '#identity';
import { changed } from '#community';
import { Conflict, Invalid } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import { type Contact, dueOf, standingOf } from './contact.ts';
import type { contactList, contactMatrix } from './contract.ts';
import { iso, type OrganisationsDeps } from './deps.ts';
import { ledgerTenancy, mustReach } from './reach.ts';
import { organisationById } from './store.ts';
import { confirmContacts, contacts, lockOrganisation, replaceContacts } from './store-contacts.ts';

const access = systemAccess('manage incident contacts');

type ContactList = z.infer<typeof contactList>;

/** @throws {NotFound} */
export function listContacts(
  deps: OrganisationsDeps,
  actor: Actor,
  organisation: string,
): Promise<ContactList> {
  return deps.records.transaction(access, async (tx) => {
    await reached(tx, actor, organisation);
    return shown(deps, tx, organisation);
  });
}

/** Who stays as they were keep their confirmation; who is new or changed counts as confirmed now. @throws {NotFound} {Invalid} */
export async function setContacts(
  deps: OrganisationsDeps,
  actor: Actor,
  organisation: string,
  given: z.infer<typeof contactMatrix>,
): Promise<ContactList> {
  const places = new Set(given.contacts.map(placeOf));
  if (places.size < given.contacts.length)
    throw new Invalid('Two contacts have the same severity, topic and rank. Give each a rank of its own.');
  return deps.records.transaction(access, async (tx) => {
    await reached(tx, actor, organisation);
    await lockOrganisation(tx, organisation);
    const before = new Map((await contacts(tx, organisation)).map((one) => [placeOf(one), one]));
    const now = deps.clock.now();
    const after = given.contacts.map((one): Contact => {
      const was = before.get(placeOf(one));
      if (was !== undefined && was.name === one.name && was.phone === one.phone && was.email === one.email)
        return was;
      return {
        ...one,
        id: was?.id ?? deps.ids.uuid(),
        organisation,
        confirmedAt: now,
        confirmedBy: actor.name,
      };
    });
    await replaceContacts(tx, organisation, after);
    await note(deps, tx, actor, 'contacts.changed', organisation, {
      contacts: after.length,
      changed: after.filter(({ confirmedAt }) => confirmedAt === now).length,
    });
    return shown(deps, tx, organisation);
  });
}

/** Somebody looked at all of them, and they are right. @throws {NotFound} {Conflict} */
export function confirmAllContacts(
  deps: OrganisationsDeps,
  actor: Actor,
  organisation: string,
): Promise<ContactList> {
  return deps.records.transaction(access, async (tx) => {
    await reached(tx, actor, organisation);
    const confirmed = await confirmContacts(tx, organisation, deps.clock.now(), actor.name);
    if (confirmed === 0) throw new Conflict('There are no contacts to confirm. Add them first.');
    await note(deps, tx, actor, 'contacts.confirmed', organisation, { contacts: confirmed });
    return shown(deps, tx, organisation);
  });
}

async function reached(tx: Tx, actor: Actor, organisation: string): Promise<void> {
  const known = await organisationById(tx, organisation);
  await mustReach(tx, actor, known?.id, { kind: 'organisation', id: organisation });
}

const placeOf = ({ severity, topic, rank }: Pick<Contact, 'severity' | 'topic' | 'rank'>): string =>
  JSON.stringify([severity, topic, rank]);

async function shown(deps: OrganisationsDeps, tx: Tx, organisation: string): Promise<ContactList> {
  const all = await contacts(tx, organisation);
  const { standing, why } = standingOf(all, deps.clock.now());
  return {
    standing,
    why,
    contacts: all.map((one) => ({ ...one, confirmedAt: iso(one.confirmedAt), dueAt: iso(dueOf(one)) })),
  };
}

async function note(
  deps: OrganisationsDeps,
  tx: Tx,
  actor: Actor,
  action: string,
  organisation: string,
  facts: Readonly<Record<string, number>>,
): Promise<void> {
  await changed(tx, { kind: 'contacts', id: organisation });
  await deps.ledger.record(tx, {
    actor,
    action,
    subject: `organisation/${organisation}`,
    tenancy: await ledgerTenancy(tx, organisation),
    facts,
  });
}
