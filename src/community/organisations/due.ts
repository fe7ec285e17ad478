import { lifeOf } from './appointment.ts';
import type { DueItem } from './contract.ts';
import { eligibilityDueAt } from './organisation.ts';
import { officeName } from './office.ts';
import { type Community, conditionsIn, contactsIn } from './whole.ts';
import type { OrganisationRecord } from './store.ts';

const dayMs = 86_400_000;
/** What is due within so many days is listed. */
const aheadDays = 30;

type Due = Omit<DueItem, 'dueAt' | 'late' | 'organisation'> & { readonly dueAt: Date | null };

/** Late things first, then by when they are due; what has no day comes last. */
export function dueItems(all: Community): DueItem[] {
  const soon = new Date(all.now.getTime() + aheadDays * dayMs);
  return all.organisations
    .flatMap((organisation) =>
      [
        ...appointmentsDue(all, organisation.id),
        ...contactsDue(all, organisation),
        ...eligibilityDue(organisation),
        ...screeningDue(all, organisation.id),
        ...tenanciesDue(all, organisation),
      ].map((item) => ({ ...item, organisation: organisation.id })),
    )
    .filter(({ dueAt }) => dueAt === null || dueAt < soon)
    .sort((a, b) => (a.dueAt?.getTime() ?? Infinity) - (b.dueAt?.getTime() ?? Infinity))
    .map(({ dueAt, ...item }) => ({
      ...item,
      dueAt: dueAt?.toISOString() ?? null,
      late: dueAt !== null && dueAt <= all.now,
    }));
}

function appointmentsDue(all: Community, organisation: string): Due[] {
  const own = all.appointments.get(organisation) ?? [];
  const byId = new Map(own.map((one) => [one.id, one]));
  return own.flatMap((one): Due[] => {
    const life = lifeOf(one, all.now, byId.get(one.delegatedFrom ?? ''));
    const what = `${one.personName} as ${officeName[one.office]}`;
    if (life === 'proposed')
      return [{ kind: 'appointment', subject: one.id, text: `Verify ${what}.`, dueAt: null }];
    if (life === 'in-force' && one.delegatedFrom === null)
      return [{ kind: 'appointment', subject: one.id, text: `Renew ${what}.`, dueAt: one.expiresAt }];
    // Nobody to renew it for once a successor is in force.
    const filled = own.some((other) => other.office === one.office && lifeOf(other, all.now) === 'in-force');
    return life === 'expired' && !filled
      ? [
          {
            kind: 'appointment',
            subject: one.id,
            text: `The appointment of ${what} has expired.`,
            dueAt: one.expiresAt,
          },
        ]
      : [];
  });
}

function contactsDue(all: Community, { id, kind, name }: OrganisationRecord): Due[] {
  const { standing, why, dueAt } = contactsIn(all, id);
  if (standing === 'missing')
    return kind === 'provider' ? [] : [{ kind: 'contacts', subject: id, text: why, dueAt: null }];
  return [
    {
      kind: 'contacts',
      subject: id,
      text: `Confirm the incident contacts of ${name}.`,
      dueAt: dueAt ?? null,
    },
  ];
}

function eligibilityDue({ id, kind, name, basis, reviewedAt }: OrganisationRecord): Due[] {
  if (kind === 'provider') return [];
  if (basis === null || reviewedAt === null)
    return [{ kind: 'eligibility', subject: id, text: `Record why ${name} is eligible.`, dueAt: null }];
  return [
    {
      kind: 'eligibility',
      subject: id,
      text: `Review the eligibility of ${name}.`,
      dueAt: eligibilityDueAt(reviewedAt),
    },
  ];
}

function screeningDue(all: Community, organisation: string): Due[] {
  return (all.people.get(organisation) ?? [])
    .filter(({ endedAt, screenedUntil }) => endedAt === null && screenedUntil !== null)
    .map((person) => ({
      kind: 'screening' as const,
      subject: person.id,
      text: `Attest the employment screening of ${person.name} again.`,
      dueAt: person.screenedUntil,
    }));
}

function tenanciesDue(all: Community, organisation: OrganisationRecord): Due[] {
  return (all.tenancies.get(organisation.id) ?? []).flatMap((tenancy): Due[] => {
    if (tenancy.state === 'leaving')
      return [
        {
          kind: 'retention',
          subject: tenancy.id,
          text: `${organisation.name} leaves ${tenancy.environment}: its data is kept until then.`,
          dueAt: tenancy.retainedUntil,
        },
      ];
    if (tenancy.state !== 'commencing') return [];
    return conditionsIn(all, organisation, tenancy)
      .filter(({ standing }) => standing !== 'met')
      .map(({ id, name }) => ({
        kind: 'condition' as const,
        subject: `${tenancy.id}/${id}`,
        text: `Before ${tenancy.id} commences: ${name.toLowerCase()}.`,
        dueAt: null,
      }));
  });
}
