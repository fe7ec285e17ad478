import { clearanceHistory, clearanceList, requirementList } from '#contract/community/clearances';
import {
  appointmentList,
  contactList,
  dueList,
  organisationDetail,
  organisationList,
  personList,
} from '#contract/community/organisations';
import { community } from './fixture-data.ts';

const day = 86_400_000;
const from = (days: number) => new Date(Date.now() + days * day).toISOString();

const states = ['active', 'active', 'commencing', 'suspended', 'leaving'] as const;
const agreements = ['accepted', 'superseded-in-grace', 'reviewing', 'lapsed', 'withdrawn'] as const;
const standings = ['fresh', 'fresh', 'missing', 'warning', 'blocking'] as const;
const organisations = community.organisations.map((organisation, at) => ({
  ...organisation,
  abn: organisation.kind === 'provider' ? null : '51824753556',
  eligibility: {
    basis: organisation.kind === 'provider' ? null : ('government' as const),
    evidence: 'Administrative arrangements order',
    reviewedAt: organisation.kind === 'provider' ? null : from(-40),
    current: true,
  },
  tenancies: community.tenancies
    .filter((tenancy) => tenancy.organisation === organisation.id)
    .map((tenancy) => ({
      ...tenancy,
      marking: tenancy.environment === 'pdce' ? 'PROTECTED' : 'OFFICIAL',
      state: states[at] ?? 'active',
      since: from(-90),
      retainedUntil: states[at] === 'leaving' ? from(12) : null,
      services: ['iaas', 'backup'],
      agreement: { state: agreements[at] ?? 'none', version: '2', until: null },
    })),
  people: 4,
  contacts: standings[at] ?? 'fresh',
}));
const people = ['Asha Rao', 'Ben Okafor', 'Cai Lindqvist'].map((name, at) => ({
  id: `p-${at}`,
  organisation: 'agri',
  name,
  email: `${name.split(' ')[0]?.toLowerCase() ?? ''}@agri.example`,
  userId: at === 0 ? 'u-9' : null,
  startedAt: from(-300),
  endedAt: null,
  endedReason: null,
  screenedUntil: from(200),
  baselineUntil: null,
}));
const appointment = {
  organisation: 'agri',
  evidence: 'file 12, letter of 3 May',
  mayDelegate: true,
  delegatedFrom: null,
  proposedBy: 'Mira Kaplan',
  proposedAt: from(-200),
  endedAt: null,
  endedReason: null,
} as const;
const word = {
  name: 'T. Brandt',
  standing: 'staff',
  note: 'called the agency head',
  at: from(-199),
} as const;
const clearance = {
  version: 2,
  status: 'active',
  sponsor: 'Harbour Cloud',
  sponsorActive: true,
  grantedOn: '2021-04-30',
  revalidationDueOn: '2031-04-30',
  confirmedAt: from(-30),
  confirmedBy: 'Mira Kaplan',
  citizenships: ['AU'],
  waiver: null,
  waiverUntil: null,
} as const;

/** What of the API is about organisations, people and clearances; undefined for any other path. */
export function answerCommunity(path: string): unknown {
  const one = /^\/organisations\/([^/]+)$/.exec(path)?.[1];
  if (path === '/organisations') return organisationList.parse({ organisations });
  if (one !== undefined)
    return organisationDetail.parse({
      ...organisations.find(({ id }) => id === one),
      conditions: [
        {
          tenancy: `${one}-pdce`,
          conditions: (['met', 'unmet', 'unknown'] as const).map((standing) => ({
            id: standing,
            name: `A condition that is ${standing}`,
            about: 'What it means',
            metBy: 'evidence',
            standing,
            detail: 'file 7',
            at: standing === 'met' ? from(-3) : null,
            by: standing === 'met' ? 'Mira Kaplan' : null,
          })),
        },
      ],
      history: [
        {
          tenancy: `${one}-pdce`,
          from: 'commencing',
          to: 'active',
          reason: 'all conditions met',
          by: 'Mira Kaplan',
          at: from(-90),
        },
      ],
    });
  if (/^\/organisations\/[^/]+\/contacts$/.test(path))
    return contactList.parse({
      standing: 'warning',
      why: 'Contacts were to be confirmed two days ago.',
      contacts: (['critical', 'high', 'medium', 'low'] as const).map((severity) => ({
        id: severity,
        organisation: 'agri',
        severity,
        topic: '',
        rank: 1,
        name: 'Duty desk',
        phone: '+61 2 5550 1234',
        email: 'duty@agri.example',
        confirmedAt: from(-92),
        confirmedBy: 'Asha Rao',
        dueAt: from(-2),
      })),
    });
  if (path === '/persons') return personList.parse({ people });
  if (path === '/appointments')
    return appointmentList.parse({
      appointments: [
        {
          ...appointment,
          id: 'a-1',
          person: { id: 'p-0', name: 'Asha Rao' },
          office: 'cio',
          evidenceKind: 'letter',
          state: 'in-force',
          inForceSince: from(-199),
          expiresAt: from(20),
          verifications: [word, { ...word, name: 'Mira Kaplan' }],
          wanting: 0,
        },
        {
          ...appointment,
          id: 'a-2',
          person: { id: 'p-1', name: 'Ben Okafor' },
          office: 'security-officer',
          evidenceKind: 'call-back',
          state: 'proposed',
          inForceSince: null,
          expiresAt: null,
          verifications: [word],
          wanting: 1,
        },
      ],
    });
  if (path === '/community/due')
    return dueList.parse({
      due: [
        {
          kind: 'contacts',
          organisation: 'water',
          subject: 'water',
          text: 'Confirm the incident contacts of Bureau of Water.',
          dueAt: from(-2),
          late: true,
        },
        {
          kind: 'appointment',
          organisation: 'agri',
          subject: 'a-1',
          text: 'Renew Asha Rao as CIO.',
          dueAt: from(20),
          late: false,
        },
      ],
    });
  if (path === '/clearances/requirements')
    return requirementList.parse({
      people: people.map(({ id, name }, at) => ({
        person: id,
        name,
        asks: ['a Baseline clearance for PROTECTED'],
        meets: at === 0,
      })),
    });
  if (path === '/clearances')
    return clearanceList.parse({
      clearances: [
        {
          ...clearance,
          person: { id: 'p-7', name: 'Mira Kaplan', email: 'mira@harbour.example', organisation: 'harbour' },
          level: 'nv1',
          usable: true,
          why: [],
        },
        {
          ...clearance,
          person: { id: 'p-8', name: 'T. Brandt', email: 'tb@harbour.example', organisation: 'harbour' },
          level: 'nv2',
          sponsorActive: false,
          usable: false,
          why: [
            { code: 'sponsor-inactive', text: 'Harbour Cloud does not sponsor it any more.', blocks: true },
          ],
        },
      ],
    });
  if (/^\/clearances\/[^/]+\/history$/.test(path))
    return clearanceHistory.parse({
      changes: [{ ...clearance, level: 'nv1', change: 'confirmed', by: 'Mira Kaplan', at: from(-30) }],
    });
  return undefined;
}
