import type { EvidenceKind, Office } from './contract.ts';

/** A person holds an office of an organisation. */
export type Appointment = {
  readonly id: string;
  readonly organisation: string;
  readonly personId: string;
  readonly personName: string;
  readonly personEndedAt: Date | null;
  readonly office: Office;
  readonly evidenceKind: EvidenceKind;
  readonly evidence: string;
  readonly months: number;
  readonly mayDelegate: boolean;
  readonly delegatedFrom: string | null;
  readonly proposedBy: { readonly id: string; readonly name: string };
  readonly proposedAt: Date;
  readonly inForceSince: Date | null;
  readonly expiresAt: Date | null;
  readonly endedAt: Date | null;
  readonly endedReason: string | null;
};

/** The offices whose holder can say who else holds one. */
export const vouchingOffices: readonly Office[] = ['cio', 'ciso', 'coo'];

export type AppointmentLife = 'proposed' | 'in-force' | 'expired' | 'ended';

/**
 * INVARIANT: an appointment holds from its last verification up to, and not at, its expiry.
 * @param parent the one it was delegated from: what is gone there is gone here
 */
export function lifeOf(appointment: Appointment, at: Date, parent?: Appointment): AppointmentLife {
  const { inForceSince, expiresAt } = appointment;
  if (hasEnded(appointment.endedAt, at) || hasEnded(appointment.personEndedAt, at)) return 'ended';
  if (inForceSince === null || expiresAt === null || at < inForceSince) return 'proposed';
  if (at >= expiresAt) return 'expired';
  if (appointment.delegatedFrom === null) return 'in-force';
  // A delegation whose origin can't be found holds nothing.
  return parent === undefined ? 'ended' : lifeOf(parent, at);
}

const hasEnded = (endedAt: Date | null, at: Date): boolean => endedAt !== null && at >= endedAt;

export type Verifier = {
  readonly userId: string;
  /** Who they are in the community; undefined for an account that is nobody's there. */
  readonly person: { readonly id: string; readonly organisation: string } | undefined;
  readonly ofProvider: boolean;
  /** Offices they hold in force, not by delegation, in the appointment's organisation. */
  readonly offices: readonly Office[];
};
export type Given = {
  readonly userId: string;
  readonly personId: string | null;
  readonly standing: 'staff' | 'officer';
};

/** How many of the provider's staff have to have looked at the evidence, where no officer vouches. */
export const staffNeeded = 2;

export type VerificationOutcome =
  | { readonly ok: true; readonly standing: 'staff' | 'officer'; readonly complete: boolean }
  | {
      readonly ok: false;
      readonly code: 'self' | 'again' | 'no-standing' | 'settled';
      readonly why: string;
    };

/**
 * Whether this person's word counts, and whether it is enough.
 * INVARIANT: nobody verifies an appointment of their own, by whatever account.
 */
export function verify(
  appointment: Appointment,
  given: readonly Given[],
  verifier: Verifier,
  now: Date,
): VerificationOutcome {
  if (verifier.person?.id === appointment.personId)
    return {
      ok: false,
      code: 'self',
      why: 'Nobody can verify their own appointment. Ask two of the provider’s staff, or a verified officer of the organisation.',
    };
  if (lifeOf(appointment, now) !== 'proposed')
    return { ok: false, code: 'settled', why: 'This appointment is not waiting to be verified any more.' };
  const samePerson = (one: Given) =>
    one.userId === verifier.userId || (one.personId !== null && one.personId === verifier.person?.id);
  if (given.some(samePerson))
    return { ok: false, code: 'again', why: 'You verified it already. Somebody else has to be the second.' };
  if (
    verifier.person?.organisation === appointment.organisation &&
    verifier.offices.some((office) => vouchingOffices.includes(office))
  )
    return { ok: true, standing: 'officer', complete: true };
  if (!verifier.ofProvider || appointment.evidenceKind === 'officer')
    return {
      ok: false,
      code: 'no-standing',
      why:
        appointment.evidenceKind === 'officer'
          ? 'It rests on the word of a verified CIO, CISO or COO of the organisation, so one of them has to verify it.'
          : 'It takes two of the provider’s staff, or a verified CIO, CISO or COO of the organisation.',
    };
  const staff = given.filter(({ standing }) => standing === 'staff').length + 1;
  return { ok: true, standing: 'staff', complete: staff >= staffNeeded };
}

/** The same day of the month so many months on; the month's last day where it has no such day. UTC. */
export function monthsLater(from: Date, months: number): Date {
  const to = new Date(from);
  to.setUTCDate(1);
  to.setUTCMonth(to.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  return to;
}
