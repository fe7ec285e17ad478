import { type Actor, accountByEmail, lockOut } from '#identity';
import { changed } from '#community';
import { Conflict, Invalid, NotAllowed, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import type { newPerson, person as personView, personChange } from './contract.ts';
import { endOfDay, iso, isoOrNull, type OrganisationsDeps } from './deps.ts';
import { NoAccount, PersonEnded } from './errors.ts';
import type { Person } from './person.ts';
import { ledgerTenancy, listed, mustReach, reachOf } from './reach.ts';
import { organisationById } from './store.ts';
import { endAppointments } from './store-appointments.ts';
import {
  insertPerson,
  lockPerson,
  people,
  peopleByEmail,
  personOfUser,
  updatePerson,
} from './store-people.ts';

const access = systemAccess('manage people of organisations');

export type PersonView = z.infer<typeof personView>;
export const shownPerson = (person: Person): PersonView => ({
  id: person.id,
  organisation: person.organisation,
  name: person.name,
  email: person.email,
  userId: person.userId,
  startedAt: iso(person.startedAt),
  endedAt: isoOrNull(person.endedAt),
  endedReason: person.endedReason,
  screenedUntil: isoOrNull(person.screenedUntil),
  baselineUntil: isoOrNull(person.baselineUntil),
});

/** The provider's people see everybody; others their own organisation's. */
export function listPeople(
  deps: OrganisationsDeps,
  actor: Actor,
  organisation: string | undefined,
): Promise<PersonView[]> {
  return deps.records.transaction(access, async (tx) => {
    const found = await people(tx, listed(await reachOf(tx, actor)));
    return found
      .filter((one) => organisation === undefined || one.organisation === organisation)
      .map(shownPerson);
  });
}

/** Linked at once to the account with the same address, when the provider adds them. @throws {NotFound} {Conflict} */
export function addPerson(
  deps: OrganisationsDeps,
  actor: Actor,
  given: z.infer<typeof newPerson>,
): Promise<PersonView> {
  return deps.records.transaction(access, async (tx) => {
    const { organisation } = given;
    const known = await organisationById(tx, organisation);
    await mustReach(tx, actor, known?.id, { kind: 'organisation', id: organisation });
    const same = await peopleByEmail(tx, [given.email]);
    if (same.some((one) => one.organisation === organisation))
      throw new Conflict('There is somebody with this e-mail address already.');
    const now = deps.clock.now();
    const person: Person = {
      id: deps.ids.uuid(),
      organisation,
      name: given.name,
      email: given.email.trim(),
      userId: actor.ofProvider ? await accountFor(tx, organisation, given.email) : null,
      startedAt: now,
      endedAt: null,
      endedReason: null,
      screenedUntil: given.screenedUntil === undefined ? null : endOfDay(given.screenedUntil),
      baselineUntil: given.baselineUntil === undefined ? null : endOfDay(given.baselineUntil),
    };
    await insertPerson(tx, person, now);
    await note(deps, tx, actor, 'person.added', person, { linked: person.userId !== null });
    return shownPerson(person);
  });
}

/** @throws {NotFound} {PersonEnded} {NoAccount} {NotAllowed} {Invalid} */
export function editPerson(
  deps: OrganisationsDeps,
  actor: Actor,
  id: string,
  change: z.infer<typeof personChange>,
): Promise<PersonView> {
  return deps.records.transaction(access, async (tx) => {
    const before = await present(tx, actor, id);
    if (before.userId !== null && before.userId === actor.userId && attests(change))
      throw new Invalid('Nobody can attest their own screening. A colleague has to do it.');
    const after: Person = {
      ...before,
      name: change.name ?? before.name,
      screenedUntil: until(change.screenedUntil, before.screenedUntil),
      baselineUntil: until(change.baselineUntil, before.baselineUntil),
      userId: await linked(tx, actor, before, change.account),
    };
    await updatePerson(tx, after);
    await note(deps, tx, actor, 'person.changed', after, {
      screenedUntil: isoOrNull(after.screenedUntil),
      baselineUntil: isoOrNull(after.baselineUntil),
      linked: after.userId !== null,
    });
    return shownPerson(after);
  });
}

/** From the commit on: no session, no sign-in, no appointment. @throws {NotFound} {PersonEnded} {LastAdministrator} */
export function endPerson(
  deps: OrganisationsDeps,
  actor: Actor,
  id: string,
  reason: string,
): Promise<PersonView> {
  return deps.records.transaction(access, async (tx) => {
    const person = await present(tx, actor, id);
    const now = deps.clock.now();
    const ended = { ...person, endedAt: now, endedReason: reason };
    await updatePerson(tx, ended);
    const appointments = await endAppointments(tx, { person: id }, now, `${person.name} left: ${reason}`);
    if (person.userId !== null) {
      await lockOut(tx, person.userId);
      await changed(tx, { kind: 'account', id: person.userId });
    }
    await changed(tx, { kind: 'appointment', id: person.organisation });
    await note(deps, tx, actor, 'person.ended', ended, {
      reason,
      appointments,
      account: person.userId,
    });
    return shownPerson(ended);
  });
}

async function present(tx: Tx, actor: Actor, id: string): Promise<Person> {
  const person = await lockPerson(tx, id);
  await mustReach(tx, actor, person?.organisation, { kind: 'person', id });
  if (person === undefined) throw new NotFound('person', id);
  if (person.endedAt !== null) throw new PersonEnded(person.name);
  return person;
}

/** INVARIANT: who signs in as a person is for the provider to say, and only with the address the person is known by. */
async function linked(
  tx: Tx,
  actor: Actor,
  person: Person,
  wanted: 'link' | 'unlink' | undefined,
): Promise<string | null> {
  if (wanted === undefined) return person.userId;
  if (!actor.ofProvider) throw new NotAllowed('user.manage');
  if (wanted === 'unlink') return null;
  const account = await accountFor(tx, person.organisation, person.email);
  if (account === null) throw new NoAccount(person.email);
  return account;
}

async function accountFor(tx: Tx, organisation: string, email: string): Promise<string | null> {
  const account = await accountByEmail(tx, email);
  if (account?.organisation !== organisation) return null;
  return (await personOfUser(tx, account.id)) === undefined ? account.id : null;
}

const attests = (change: z.infer<typeof personChange>): boolean =>
  change.screenedUntil !== undefined || change.baselineUntil !== undefined;

function until(given: string | null | undefined, before: Date | null): Date | null {
  if (given === undefined) return before;
  return given === null ? null : endOfDay(given);
}

async function note(
  deps: OrganisationsDeps,
  tx: Tx,
  actor: Actor,
  action: string,
  { id, organisation }: Person,
  facts: Readonly<Record<string, string | boolean | null | readonly string[]>>,
): Promise<void> {
  await changed(tx, { kind: 'person', id });
  await deps.ledger.record(tx, {
    actor,
    action,
    subject: `person/${id}`,
    tenancy: await ledgerTenancy(tx, organisation),
    facts: { organisation, ...facts },
  });
}
