import { type Appointment, appointmentById, appointmentsInForce } from '#community/organisations';
import { systemActor } from '#identity';
import type { Tx } from '#platform/records';
import { access, type AgreementDeps, byOf, record } from './deps.ts';
import { inForce, stateAt } from './state.ts';
import { agreementEvents, factsOf, type Place, places } from './store.ts';
import { insertEvent, lastAcceptance, seeTime } from './store-acceptances.ts';
import { insertReminder, type Reminder } from './store-reminders.ts';
import { policyVersion } from './store-versions.ts';
import { policyOf } from './versions.ts';

/** Days before a deadline on which somebody is reminded of it. */
export const remindDays = [30, 14, 7, 3, 1] as const;

const dayMilliseconds = 86_400_000;
const self = systemActor('agreements', [], undefined);

/** The reminder that is due now: the last one whose day has come; undefined before the first and after the deadline. */
export function reminderDue(deadline: Date, now: Date): number | undefined {
  const days = (deadline.getTime() - now.getTime()) / dayMilliseconds;
  return days <= 0 ? undefined : remindDays.findLast((before) => days <= before);
}

/**
 * Records what time alone has brought about: agreements that lapsed, and reminders. Running it twice does nothing twice.
 * @returns what was new
 */
export function passTime(deps: AgreementDeps): Promise<{ lapsed: Place[]; reminded: Reminder[] }> {
  return deps.records.transaction(access, async (tx) => {
    const now = deps.clock.now();
    await seeTime(tx, now);
    const lapsed: Place[] = [];
    const reminded: Reminder[] = [];
    for (const place of await places(tx)) {
      if (await lapse(deps, tx, place, now)) lapsed.push(place);
      for (const reminder of await remindersOf(tx, place, now))
        if (await insertReminder(tx, reminder)) reminded.push(reminder);
    }
    return { lapsed, reminded };
  });
}

async function lapse(deps: AgreementDeps, tx: Tx, place: Place, now: Date): Promise<boolean> {
  const facts = await factsOf(tx, place);
  const state = stateAt(facts, now);
  const last = facts.events.findLast(({ kind }) => kind === 'accepted' || kind === 'lapsed');
  if (state.state !== 'lapsed' || last?.kind !== 'accepted') return false;
  await insertEvent(tx, { ...place, kind: 'lapsed', at: now, by: byOf(self) });
  await record(deps, tx, self, {
    action: 'agreement.lapsed',
    subject: `agreement/${place.organisation}/${place.environment}`,
    place,
    facts: { version: state.version, required: state.required },
  });
  return true;
}

async function remindersOf(tx: Tx, place: Place, now: Date): Promise<Reminder[]> {
  const state = stateAt(await factsOf(tx, place), now);
  if (!inForce(state)) return [];
  const found: Reminder[] = [];
  const add = async (about: Reminder['about'], deadline: Date | null): Promise<void> => {
    const daysBefore = deadline === null ? undefined : reminderDue(deadline, now);
    if (deadline === null || daysBefore === undefined) return;
    const recipients = await recipientsIn(tx, place.organisation, now);
    found.push({ ...place, about, deadline, daysBefore, at: now, recipients });
  };
  await add('agree', state.required === null ? null : state.until);
  await add('confirm-successor', await successionDeadline(tx, place, now));
  return found;
}

/** Signer, deputy, security officer: whoever holds the office now. */
async function recipientsIn(tx: Tx, organisation: string, at: Date): Promise<Reminder['recipients']> {
  const held = await appointmentsInForce(tx, {
    organisation,
    at,
    offices: ['cio', 'ciso', 'security-officer'],
  });
  return held.map(({ personName, office, delegatedFrom }) => ({
    name: personName,
    office: delegatedFrom === null ? office : `deputy ${office}`,
  }));
}

/**
 * By when a successor is to confirm: the one who signed holds no office any more, and nobody has stood in since.
 * The agreement itself stays valid: the organisation is bound, not the person.
 */
export async function successionDeadline(tx: Tx, place: Place, now: Date): Promise<Date | null> {
  const signed = await lastAcceptance(tx, place);
  const appointment =
    signed?.appointmentId == null ? undefined : await appointmentById(tx, signed.appointmentId);
  const left = appointment && leftAt(appointment, now);
  if (appointment === undefined || left === undefined) return null;
  const renewed = await appointmentsInForce(tx, {
    organisation: place.organisation,
    at: now,
    person: appointment.personId,
    offices: ['cio', 'ciso'],
  });
  if (renewed.length > 0) return null;
  const events = await agreementEvents(tx, place);
  if (events.some(({ kind, at }) => kind === 'confirmed' && at >= left)) return null;
  const version = await policyVersion(tx, signed?.version ?? 0);
  const days = version && policyOf(version.source).parameters.find(({ name }) => name === 'successor')?.value;
  return new Date(left.getTime() + (days ?? defaultSuccessorDays) * dayMilliseconds);
}

/** Where the policy has no parameter "successor". */
const defaultSuccessorDays = 30;

function leftAt({ endedAt, personEndedAt, expiresAt }: Appointment, now: Date): Date | undefined {
  const ends = [endedAt, personEndedAt, expiresAt].filter((end) => end !== null && end <= now);
  const times = ends.map((end) => end?.getTime() ?? 0);
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}
