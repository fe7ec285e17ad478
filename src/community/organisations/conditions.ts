import type { Tx } from '#platform/records';
import type { Appointment } from './appointment.ts';
import { type Contact, standingOf } from './contact.ts';
import type { AgreementSlot, ConditionView, Office } from './contract.ts';
import { iso } from './deps.ts';
import type { AgreementOf } from './deps.ts';
import { isEligible } from './organisation.ts';
import { type OrganisationRecord, organisationById, type TenancyRecord } from './store.ts';
import { appointmentsInForce } from './store-appointments.ts';
import { askedConditions, type Condition, type Evidence, evidenceOf } from './store-conditions.ts';
import { contacts } from './store-contacts.ts';

/** What the conditions of one tenancy are judged by. */
export type Known = {
  readonly organisation: OrganisationRecord;
  readonly contacts: readonly Contact[];
  readonly appointments: readonly Appointment[];
  readonly evidence: readonly Evidence[];
  readonly agreement: AgreementSlot | undefined;
};

/** Of a tenancy that is to be serviced. INVARIANT: what nobody can tell is not met. */
export const judge = (
  asked: readonly Condition[],
  tenancy: Pick<TenancyRecord, 'id' | 'marking'>,
  known: Known,
  now: Date,
): ConditionView[] =>
  asked
    .filter(({ markings }) => markings.length === 0 || markings.includes(tenancy.marking))
    .map((condition) => ({
      id: condition.id,
      name: condition.name,
      about: condition.about,
      metBy: condition.metBy,
      at: null,
      by: null,
      ...found(condition, tenancy.id, known, now),
    }));

type Found = Pick<ConditionView, 'standing' | 'detail'> & Partial<Pick<ConditionView, 'at' | 'by'>>;

function found(condition: Condition, tenancy: string, known: Known, now: Date): Found {
  switch (condition.metBy) {
    case 'evidence':
      return recorded(
        known.evidence.find((one) => one.tenancy === tenancy && one.condition === condition.id),
      );
    case 'eligibility':
      return known.organisation.kind === 'provider' || isEligible(known.organisation, now)
        ? { standing: 'met', detail: known.organisation.basisEvidence ?? 'The provider itself.' }
        : { standing: 'unmet', detail: 'Record the basis of eligibility; it counts for a year.' };
    case 'contacts': {
      const { standing, why } = standingOf(known.contacts, now);
      return { standing: standing === 'fresh' || standing === 'warning' ? 'met' : 'unmet', detail: why };
    }
    case 'offices':
      return offices(known.appointments);
    case 'agreement':
      return agreed(known.agreement);
  }
}

const recorded = (evidence: Evidence | undefined): Found =>
  evidence === undefined
    ? { standing: 'unmet', detail: 'Nobody has recorded evidence of it yet.' }
    : { standing: 'met', detail: evidence.evidence, at: iso(evidence.at), by: evidence.by };

/** SOURCE: the community's terms name risk owners, security officers and one responsible individual on both sides. */
const officesNeeded: readonly { readonly any: readonly Office[]; readonly name: string }[] = [
  { any: ['cio', 'ciso'], name: 'a CIO or CISO' },
  { any: ['security-officer'], name: 'a security officer' },
];

function offices(held: readonly Appointment[]): Found {
  const vacant = officesNeeded.filter(({ any }) => !held.some(({ office }) => any.includes(office)));
  return vacant.length === 0
    ? { standing: 'met', detail: 'All are filled by verified people.' }
    : { standing: 'unmet', detail: `Appoint and verify ${vacant.map(({ name }) => name).join(', and ')}.` };
}

function agreed(agreement: AgreementSlot | undefined): Found {
  if (agreement === undefined) return { standing: 'unknown', detail: 'Nothing here knows of agreements.' };
  return agreement.state === 'accepted' || agreement.state === 'superseded-in-grace'
    ? { standing: 'met', detail: `Version ${agreement.version ?? 'unknown'} is accepted.` }
    : { standing: 'unmet', detail: 'The organisation has not accepted the agreement in force.' };
}

/** As `judge`, of one tenancy, read in `tx`. */
export async function conditionsOf(
  tx: Tx,
  agreement: AgreementOf | undefined,
  tenancy: TenancyRecord,
  at: Date,
): Promise<ConditionView[]> {
  const organisation = await organisationById(tx, tenancy.organisation);
  if (organisation === undefined) throw new Error(`the tenancy ${tenancy.id} is of no organisation`);
  const known: Known = {
    organisation,
    contacts: await contacts(tx, tenancy.organisation),
    appointments: await appointmentsInForce(tx, { organisation: tenancy.organisation, at }),
    evidence: await evidenceOf(tx, [tenancy.id]),
    agreement: await agreement?.(tx, tenancy.organisation, tenancy.environment, at),
  };
  return judge(await askedConditions(tx), tenancy, known, at);
}
