import { agreementState, openObligations } from '#community/agreements';
import { latestClearances } from '#community/clearances';
import type { ChangeEntry, FactSources, FactTable, OrganisationEntry, TenancyEntry } from '#community/gate';
import {
  appointments,
  conditionsOf,
  contactStandingOf,
  contacts,
  eligibilityDueAt,
  lifeOf,
  organisationLife,
  organisationRecords,
  people,
  personById,
  type TenancyRecord,
  tenancyState,
  tenancyStates,
} from '#community/organisations';
import { devices, placeGrants } from '#community/places';
import { changesToDecideBy, type PlannedChange } from '#community/planned-changes';
import { supportFacts } from '#community/support';
import { accountUses } from '#identity';
import type { Clock } from '#platform/clock';
import type { Tx } from '#platform/records';
import { agreementOf } from './agreement-of.ts';

/** Eligibility of the provider itself is nobody's to review. */
const always = new Date(Date.UTC(9999, 0));
const dayMilliseconds = 86_400_000;

/** Where the gate's facts come from: each register reads the module that owns it. */
export function gateSources(clock: Clock): FactSources {
  return {
    environments: whole('the environments', ['environment'], async (tx) => {
      const seen = await tenancyStates(tx, undefined);
      return new Map(seen.map(({ environment, marking }) => [environment, { id: environment, marking }]));
    }),
    organisations: whole('the organisations', ['organisation', 'tenancy'], organisationsOf),
    tenancies: each('the tenancies', ['tenancy'], {
      all: async (tx) =>
        new Map((await tenancyStates(tx, undefined)).map((one) => [one.id, tenancyEntry(one)])),
      one: async (tx, id) => {
        const found = await tenancyState(tx, id);
        return found && tenancyEntry(found);
      },
    }),
    people: each('the register of people', ['person'], {
      all: async (tx) =>
        new Map((await people(tx, undefined)).map((one) => [one.id, personEntry(one, clock.now())])),
      one: async (tx, id) => {
        const found = await personById(tx, id);
        return found && personEntry(found, clock.now());
      },
    }),
    accounts: some('the accounts', ['account'], async (tx, ids) => {
      const uses = await accountUses(tx, ids);
      return new Map(
        // Who can't sign in has no role, whatever the account says.
        uses.map(({ id, roles, usable, ...use }) => [id, { ...use, roles: usable ? roles : [] }]),
      );
    }),
    clearances: some('the register of clearances', ['clearance'], async (tx, ids) => {
      const found = await latestClearances(tx, ids);
      return new Map(
        found.map(
          ({
            personId,
            citizenships,
            waiverUntil,
            revalidationDueOn,
            level,
            status,
            sponsorActive,
            confirmedAt,
          }) => [
            personId,
            {
              clearance: {
                level,
                status,
                sponsorActive,
                confirmedAt,
                // Due on a day means until the end of that day.
                revalidationDue:
                  revalidationDueOn === null
                    ? null
                    : new Date(Date.parse(revalidationDueOn) + dayMilliseconds),
              },
              citizenship: { countries: citizenships, waivedUntil: waiverUntil },
            },
          ],
        ),
      );
    }),
    appointments: whole('the appointments', ['appointment'], (tx) => appointmentsOf(tx, clock)),
    contacts: each('the incident contacts', ['contacts'], {
      all: async (tx) => {
        const found = new Map<string, { checkedAt: Date | null }>();
        for (const { id } of await organisationRecords(tx, undefined))
          found.set(id, await checkedOf(tx, id, clock.now()));
        return found;
      },
      one: (tx, id) => checkedOf(tx, id, clock.now()),
    }),
    agreements: {
      ...each('the agreements', ['agreement'], {
        all: async (tx) => {
          const found = new Map<string, Awaited<ReturnType<typeof agreementEntry>>>();
          for (const { organisation, environment, internal } of await tenancyStates(tx, undefined))
            if (!internal)
              found.set(
                `${organisation}/${environment}`,
                await agreementEntry(tx, organisation, environment, clock.now()),
              );
          return found;
        },
        one: (tx, id) => {
          const [organisation = '', environment = ''] = id.split('/');
          return agreementEntry(tx, organisation, environment, clock.now());
        },
      }),
      wholeFor: ['tenancy'],
      // What a date alone changes.
      refreshSeconds: 10,
    },
    commencements: {
      ...whole('the conditions of commencement', ['tenancy'], async (tx) => {
        const found = new Map<string, Awaited<ReturnType<typeof commencementOf>>>();
        for (const tenancy of await tenancyStates(tx, undefined))
          found.set(tenancy.id, await commencementOf(tx, tenancy, clock.now()));
        return found;
      }),
      wholeFor: ['tenancy', 'organisation', 'agreement', 'appointment', 'contacts'],
    },
    // What is owed follows from what was agreed to, and both are kept by the same id.
    obligations: some('the obligations', ['obligation', 'agreement'], openObligations),
    changes: some('the planned changes', ['change'], async (tx, ids) => {
      const found = await changesToDecideBy(tx, ids);
      return new Map(found.map((one) => [one.id, changeEntry(one)]));
    }),
    devices: some('the register of devices', ['device'], async (tx, ids) => {
      const found = await devices(tx, ids);
      return new Map(found.map(({ id, personId, ...one }) => [id, { ...one, person: personId }]));
    }),
    support: supportFacts,
    placeExceptions: some('the exceptions to the place rule', ['exception'], async (tx, ids) => {
      const { exceptions } = await placeGrants(tx, clock.now(), ids);
      return new Map(
        [...exceptions].map(([person, { countries, expiresAt }]) => [
          person,
          // The register takes only what two agreed to.
          { countries, until: expiresAt, agreedBy: ['provider', 'customer'] },
        ]),
      );
    }),
    remoteWork: some('the approvals of remote work', ['exception'], async (tx, ids) => {
      const { remoteWork } = await placeGrants(tx, clock.now(), ids);
      return new Map([...remoteWork].map(([person, { expiresAt }]) => [person, expiresAt]));
    }),
  };
}

type Kinds = FactTable<unknown>['kinds'];

/** Small enough to be read as a whole each time. */
const whole = <T>(
  name: string,
  kinds: Kinds,
  all: (tx: Tx) => Promise<ReadonlyMap<string, T>>,
): FactTable<T> => ({
  name,
  kinds,
  wholeFor: kinds,
  all,
  some: all,
});

const some = <T>(
  name: string,
  kinds: Kinds,
  read: (tx: Tx, ids?: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): FactTable<T> => ({ name, kinds, all: (tx) => read(tx), some: read });

const each = <T>(
  name: string,
  kinds: Kinds,
  read: { all(tx: Tx): Promise<ReadonlyMap<string, T>>; one(tx: Tx, id: string): Promise<T | undefined> },
): FactTable<T> => ({
  name,
  kinds,
  all: (tx) => read.all(tx),
  some: async (tx, ids) => {
    const found = new Map<string, T>();
    for (const id of ids) {
      const one = await read.one(tx, id);
      if (one !== undefined) found.set(id, one);
    }
    return found;
  },
});

async function organisationsOf(tx: Tx): Promise<ReadonlyMap<string, OrganisationEntry>> {
  const tenancies = await tenancyStates(tx, undefined);
  return new Map(
    (await organisationRecords(tx, undefined)).map(({ id, kind, basis, reviewedAt }) => [
      id,
      {
        state: organisationLife(tenancies.filter(({ organisation }) => organisation === id)),
        eligibleUntil:
          kind === 'provider'
            ? always
            : basis === null || reviewedAt === null
              ? null
              : eligibilityDueAt(reviewedAt),
        ofProvider: kind === 'provider',
      },
    ]),
  );
}

const tenancyEntry = ({ organisation, environment, state, internal }: TenancyRecord): TenancyEntry => ({
  organisation,
  environment,
  state,
  internal,
});

const personEntry = (person: Awaited<ReturnType<typeof people>>[number], now: Date) => ({
  id: person.id,
  organisation: person.organisation,
  state: person.endedAt !== null && person.endedAt <= now ? ('left' as const) : ('active' as const),
  user: person.userId,
  email: person.email,
  screening: { screenedUntil: person.screenedUntil, baselineUntil: person.baselineUntil },
});

const changeEntry = (one: PlannedChange): ChangeEntry => ({
  tenancy: one.tenancy,
  change: { state: one.state, from: one.from, until: one.until, emergencyReason: one.emergencyReason },
  duties: {
    requester: one.requestedBy.id,
    approvers: one.state === 'approved' && one.decidedBy !== null ? [one.decidedBy.id] : [],
  },
});

async function appointmentsOf(tx: Tx, clock: Clock) {
  const all = await appointments(tx, undefined);
  const byId = new Map(all.map((one) => [one.id, one]));
  const found = new Map<
    string,
    { person: string; office: string; verified: boolean; from: Date; until: Date }[]
  >();
  for (const one of all) {
    if (one.inForceSince === null || one.expiresAt === null) continue;
    const parent = byId.get(one.delegatedFrom ?? '');
    const life = lifeOf(one, clock.now(), parent);
    if (life === 'ended') continue;
    const until = parent?.expiresAt && parent.expiresAt < one.expiresAt ? parent.expiresAt : one.expiresAt;
    const held = found.get(one.organisation) ?? [];
    found.set(one.organisation, held);
    held.push({ person: one.personId, office: one.office, verified: true, from: one.inForceSince, until });
  }
  return found;
}

/** When the oldest of the contacts was confirmed; never, where somebody is missing. */
async function checkedOf(tx: Tx, organisation: string, now: Date): Promise<{ checkedAt: Date | null }> {
  const known = await contacts(tx, organisation);
  if (contactStandingOf(known, now).standing === 'missing') return { checkedAt: null };
  return {
    checkedAt:
      known.map(({ confirmedAt }) => confirmedAt).toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null,
  };
}

async function agreementEntry(tx: Tx, organisation: string, environment: string, at: Date) {
  const { state, version, until } = await agreementState(tx, organisation, environment, at);
  return { state, version: version === null ? null : String(version), until };
}

async function commencementOf(tx: Tx, tenancy: TenancyRecord, at: Date) {
  const conditions = await conditionsOf(tx, agreementOf, tenancy, at);
  const monitoring = conditions.find(({ id }) => id === 'monitoring');
  return {
    conditions: conditions.map(({ id, name, standing }) => ({ id, title: name, met: standing === 'met' })),
    monitoringConfirmedAt: monitoring?.at ? new Date(monitoring.at) : null,
  };
}
