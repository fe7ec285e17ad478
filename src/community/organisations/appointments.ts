import { type Actor, accountById } from '#identity';
import { changed } from '#community';
import { Invalid, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import {
  type Appointment,
  lifeOf,
  monthsLater,
  staffNeeded,
  type VerificationOutcome,
  type Verifier,
  verify,
} from './appointment.ts';
import type { AppointmentView, newAppointment, newDelegation } from './contract.ts';
import { iso, isoOrNull, type OrganisationsDeps } from './deps.ts';
import { DelegationRefused, OwnAppointment, PersonEnded, VerificationRefused } from './errors.ts';
import { ledgerTenancy, listed, mustReach, reachOf } from './reach.ts';
import {
  appointmentById,
  appointments,
  appointmentsInForce,
  endAppointments,
  insertAppointment,
  insertVerification,
  lockAppointment,
  putInForce,
  type StoredVerification,
  verificationsOf,
} from './store-appointments.ts';
import { personById, personOfUser } from './store-people.ts';

const access = systemAccess('manage appointments');

export function listAppointments(
  deps: OrganisationsDeps,
  actor: Actor,
  organisation: string | undefined,
): Promise<AppointmentView[]> {
  return deps.records.transaction(access, async (tx) => {
    const all = await appointments(tx, listed(await reachOf(tx, actor)));
    const wanted = all.filter((one) => organisation === undefined || one.organisation === organisation);
    return shown(deps, tx, wanted, all);
  });
}

/** Holds nothing until it is verified. @throws {NotFound} {PersonEnded} */
export function proposeAppointment(
  deps: OrganisationsDeps,
  actor: Actor,
  given: z.infer<typeof newAppointment>,
): Promise<AppointmentView> {
  return deps.records.transaction(access, async (tx) => {
    const person = await personById(tx, given.person);
    await mustReach(tx, actor, person?.organisation, { kind: 'person', id: given.person });
    if (person === undefined) throw new NotFound('person', given.person);
    if (person.endedAt !== null) throw new PersonEnded(person.name);
    const appointment: Appointment = {
      id: deps.ids.uuid(),
      organisation: person.organisation,
      personId: person.id,
      personName: person.name,
      personEndedAt: null,
      office: given.office,
      evidenceKind: given.evidenceKind,
      evidence: given.evidence,
      months: given.months,
      mayDelegate: given.mayDelegate,
      delegatedFrom: null,
      proposedBy: { id: actor.id, name: actor.name },
      proposedAt: deps.clock.now(),
      inForceSince: null,
      expiresAt: null,
      endedAt: null,
      endedReason: null,
    };
    await insertAppointment(tx, appointment);
    await note(deps, tx, actor, 'appointment.proposed', appointment, {
      evidenceKind: given.evidenceKind,
      evidence: given.evidence,
      months: given.months,
      mayDelegate: given.mayDelegate,
    });
    return one(deps, tx, appointment.id);
  });
}

/**
 * One person's word that the evidence holds. A refusal is recorded as well: it is the kind of thing an auditor looks for.
 * @throws {NotFound} {Invalid} {OwnAppointment} {VerificationRefused}
 */
export async function verifyAppointment(
  deps: OrganisationsDeps,
  actor: Actor,
  id: string,
  remark: string,
): Promise<AppointmentView> {
  const outcome = await deps.records.transaction(access, async (tx) => {
    const appointment = await lockAppointment(tx, id);
    await mustReach(tx, actor, appointment?.organisation, { kind: 'appointment', id });
    if (appointment === undefined) throw new NotFound('appointment', id);
    const verifier = await verifierOf(tx, actor, appointment, deps.clock.now());
    const given = await verificationsOf(tx, [id]);
    const now = deps.clock.now();
    const found = verify(appointment, given, verifier, now);
    if (!found.ok) {
      await note(deps, tx, actor, 'appointment.verification-refused', appointment, {
        code: found.code,
        why: found.why,
      });
      return { found };
    }
    await insertVerification(tx, {
      appointmentId: id,
      userId: verifier.userId,
      personId: verifier.person?.id ?? null,
      name: actor.name,
      standing: found.standing,
      note: remark,
      at: now,
    });
    const expiresAt = found.complete ? monthsLater(now, appointment.months) : null;
    if (expiresAt !== null) await putInForce(tx, id, now, expiresAt);
    await note(
      deps,
      tx,
      actor,
      found.complete ? 'appointment.in-force' : 'appointment.verified',
      appointment,
      {
        standing: found.standing,
        remark,
        expiresAt: isoOrNull(expiresAt),
      },
    );
    return { found, view: await one(deps, tx, id) };
  });
  if (outcome.view === undefined) throw refusal(outcome.found);
  return outcome.view;
}

function refusal(found: VerificationOutcome): Error {
  if (found.ok) return new Error('a verification that was taken is no refusal');
  return found.code === 'self' ? new OwnAppointment(found.why) : new VerificationRefused(found.why);
}

/** INVARIANT: a verifier is a person with an account; a machine's word verifies nobody. */
async function verifierOf(tx: Tx, actor: Actor, { organisation }: Appointment, at: Date): Promise<Verifier> {
  const account = actor.userId === undefined ? undefined : await accountById(tx, actor.userId);
  if (account === undefined)
    throw new Invalid(
      'Verifying takes a person: sign in to the page, or set IRONBARK_TOKEN to a token of your own account.',
    );
  const person = await personOfUser(tx, account.id);
  const held =
    person === undefined ? [] : await appointmentsInForce(tx, { organisation, at, person: person.id });
  return {
    userId: account.id,
    person,
    ofProvider: actor.ofProvider,
    offices: held.filter(({ delegatedFrom }) => delegatedFrom === null).map(({ office }) => office),
  };
}

/**
 * The holder of an office lets somebody act in it, for no longer than they hold it themselves.
 * @throws {NotFound} {DelegationRefused} {PersonEnded}
 */
export async function delegateAppointment(
  deps: OrganisationsDeps,
  actor: Actor,
  id: string,
  given: z.infer<typeof newDelegation>,
): Promise<AppointmentView> {
  const outcome = await deps.records.transaction(access, async (tx) => {
    const from = await lockAppointment(tx, id);
    await mustReach(tx, actor, from?.organisation, { kind: 'appointment', id });
    if (from === undefined) throw new NotFound('appointment', id);
    const now = deps.clock.now();
    const own = actor.userId === undefined ? undefined : await personOfUser(tx, actor.userId);
    const delegate = await personById(tx, given.person);
    const until = new Date(given.until);
    const why = delegationFault(from, own?.id, delegate, until, now);
    if (why !== undefined || delegate === undefined) {
      await note(deps, tx, actor, 'appointment.delegation-refused', from, { why: why ?? '' });
      return { why: why ?? '' };
    }
    const appointment: Appointment = {
      ...from,
      id: deps.ids.uuid(),
      personId: delegate.id,
      personName: delegate.name,
      evidenceKind: 'delegation',
      evidence: given.reason,
      mayDelegate: false,
      delegatedFrom: from.id,
      proposedBy: { id: actor.id, name: actor.name },
      proposedAt: now,
      inForceSince: now,
      expiresAt: until,
    };
    await insertAppointment(tx, appointment);
    await note(deps, tx, actor, 'appointment.delegated', appointment, {
      from: from.id,
      until: iso(until),
      reason: given.reason,
    });
    return { view: await one(deps, tx, appointment.id) };
  });
  if (outcome.view === undefined) throw new DelegationRefused(outcome.why);
  return outcome.view;
}

function delegationFault(
  from: Appointment,
  own: string | undefined,
  delegate: { readonly id: string; readonly organisation: string; readonly endedAt: Date | null } | undefined,
  until: Date,
  now: Date,
): string | undefined {
  if (own !== from.personId) return 'Only who holds the office can delegate it.';
  if (from.delegatedFrom !== null) return 'An office that was delegated to you can’t be delegated on.';
  if (!from.mayDelegate) return 'The appointment does not allow delegation. Ask for one that does.';
  if (lifeOf(from, now) !== 'in-force') return 'The appointment is not in force.';
  if (delegate === undefined || delegate.organisation !== from.organisation || delegate.endedAt !== null)
    return 'The delegate has to be somebody of the same organisation.';
  if (delegate.id === from.personId) return 'Nobody can delegate to themselves.';
  if (until <= now || from.expiresAt === null || until > from.expiresAt)
    return `A delegation ends after now, and at the latest with the appointment: ${isoOrNull(from.expiresAt) ?? ''}.`;
  return undefined;
}

/** With what was delegated from it. @throws {NotFound} {VerificationRefused} when it is over already */
export function endAppointment(
  deps: OrganisationsDeps,
  actor: Actor,
  id: string,
  reason: string,
): Promise<AppointmentView> {
  return deps.records.transaction(access, async (tx) => {
    const appointment = await lockAppointment(tx, id);
    await mustReach(tx, actor, appointment?.organisation, { kind: 'appointment', id });
    if (appointment === undefined) throw new NotFound('appointment', id);
    const ended = await endAppointments(tx, { id }, deps.clock.now(), reason);
    if (!ended.includes(id)) throw new VerificationRefused('This appointment is over already.');
    await note(deps, tx, actor, 'appointment.ended', appointment, { reason, ended });
    return one(deps, tx, id);
  });
}

async function note(
  deps: OrganisationsDeps,
  tx: Tx,
  actor: Actor,
  action: string,
  { id, organisation, office, personId }: Appointment,
  facts: Readonly<Record<string, string | number | boolean | null | readonly string[]>>,
): Promise<void> {
  await changed(tx, { kind: 'appointment', id: organisation });
  await deps.ledger.record(tx, {
    actor,
    action,
    subject: `appointment/${id}`,
    tenancy: await ledgerTenancy(tx, organisation),
    facts: { organisation, office, person: personId, ...facts },
  });
}

async function one(deps: OrganisationsDeps, tx: Tx, id: string): Promise<AppointmentView> {
  const found = await appointmentById(tx, id);
  if (found === undefined) throw new NotFound('appointment', id);
  const parent = found.delegatedFrom === null ? undefined : await appointmentById(tx, found.delegatedFrom);
  const [view] = await shown(deps, tx, [found], parent === undefined ? [] : [parent]);
  if (view === undefined) throw new NotFound('appointment', id);
  return view;
}

async function shown(
  deps: OrganisationsDeps,
  tx: Tx,
  wanted: readonly Appointment[],
  all: readonly Appointment[],
): Promise<AppointmentView[]> {
  const now = deps.clock.now();
  const byId = new Map(all.map((appointment) => [appointment.id, appointment]));
  const given = await verificationsOf(
    tx,
    wanted.map(({ id }) => id),
  );
  const of = Map.groupBy(given, ({ appointmentId }) => appointmentId);
  return wanted.map((appointment) =>
    view(appointment, of.get(appointment.id) ?? [], now, byId.get(appointment.delegatedFrom ?? '')),
  );
}

function view(
  appointment: Appointment,
  given: readonly StoredVerification[],
  now: Date,
  parent: Appointment | undefined,
): AppointmentView {
  const state = lifeOf(appointment, now, parent);
  const needed = appointment.evidenceKind === 'officer' ? 1 : staffNeeded;
  return {
    id: appointment.id,
    organisation: appointment.organisation,
    person: { id: appointment.personId, name: appointment.personName },
    office: appointment.office,
    evidenceKind: appointment.evidenceKind,
    evidence: appointment.evidence,
    mayDelegate: appointment.mayDelegate,
    delegatedFrom: appointment.delegatedFrom,
    state,
    proposedBy: appointment.proposedBy.name,
    proposedAt: iso(appointment.proposedAt),
    inForceSince: isoOrNull(appointment.inForceSince),
    expiresAt: isoOrNull(appointment.expiresAt),
    endedAt: isoOrNull(appointment.endedAt),
    endedReason: appointment.endedReason,
    verifications: given.map(({ name, standing, note: remark, at }) => ({
      name,
      standing,
      note: remark,
      at: iso(at),
    })),
    wanting: state === 'proposed' ? Math.max(0, needed - given.length) : 0,
  };
}
