import { parse } from 'yaml';
import { z } from 'zod';
import { importClearances, type ClearancesDeps } from '#community/clearances';
import {
  addPerson,
  changeLife,
  changeOrganisation,
  consume,
  type OrganisationsDeps,
  proposeAppointment,
  recordEvidence,
  setContacts,
  verifyAppointment,
} from '#community/organisations';
import { type Actor, actorOf, addUser, type IdentityDeps, systemActor } from '#identity';
import { scopeOf, systemAccess, tenancyId } from '#platform/scope';
import { eligibilityBasis, evidenceKind, office, severity } from '#contract/community/organisations';
import { clearanceLevel } from '#contract/community/clearances';
import { role } from '#contract/identity';

const personContent = z.object({
  name: z.string(),
  email: z.string(),
  organisation: z.string(),
  roles: z.array(role).default([]),
  screened: z.boolean().default(false),
  baseline: z.boolean().default(false),
  clearance: z
    .object({
      level: clearanceLevel,
      grantedDaysAgo: z.number(),
      confirmedDaysAgo: z.number().optional(),
      revalidationDueDaysAgo: z.number().optional(),
      sponsorEnded: z.boolean().default(false),
      citizenships: z.array(z.string()).default(['AU']),
    })
    .optional(),
  offices: z
    .array(
      z.object({
        office,
        kind: evidenceKind.exclude(['delegation']),
        evidence: z.string(),
        mayDelegate: z.boolean().default(false),
        verified: z.number().int().min(0).max(2),
        /** Appointed and verified so long ago. */
        daysAgo: z.number().int().min(0).max(300).default(0),
      }),
    )
    .default([]),
});
type PersonContent = z.infer<typeof personContent>;

/** content/demo/people.yaml */
export const peopleContent = z.object({
  staff: z.tuple([z.string(), z.string()]),
  people: z.array(personContent),
  contacts: z.record(z.string(), z.array(severity)),
  eligibility: z.record(z.string(), z.object({ basis: eligibilityBasis, evidence: z.string() })),
  tenancies: z.array(
    z.object({ id: z.string(), services: z.array(z.string()), evidence: z.array(z.string()) }),
  ),
});

export type SettleDeps = {
  readonly identity: IdentityDeps;
  readonly organisations: OrganisationsDeps;
  readonly clearances: ClearancesDeps;
};

/** The demo's people by their email addresses, once they are there. @throws for somebody who is not of the demo */
export type Settled = {
  /** Who settled them. */
  readonly all: Actor;
  readonly actor: (email: string) => Actor;
  readonly person: (email: string) => string;
};

/**
 * Fills the demo's community with people, offices, clearances and contacts, by the services that people use. Tenancies
 * stop at commencing: the agreement is accepted by somebody with a passkey, and the demo has no hands.
 * @param text content/demo/people.yaml
 */
export async function settle(deps: SettleDeps, by: Actor, provider: string, text: string): Promise<Settled> {
  const { records, directory } = deps.identity;
  // Nobody gives more than they have: whoever settles everybody covers every tenancy.
  const everywhere = await records.transaction(systemAccess("the demo's tenancies"), async (tx) =>
    scopeOf((await directory.facts(tx)).tenancies.map(({ id }) => tenancyId(id))),
  );
  const actor = systemActor(by.name, by.permissions, everywhere);
  const content = peopleContent.parse(parse(text));
  const accounts = new Map<string, string>();
  const persons = new Map<string, string>();
  const today = deps.organisations.clock.now();
  for (const person of content.people) {
    if (person.roles.length > 0) {
      const { name, email, roles, organisation } = person;
      const { user } = await addUser(deps.identity, actor, {
        name,
        email,
        roles,
        organisation,
        tenancies: [],
      });
      accounts.set(email, user.id);
    }
    const made = await addPerson(deps.organisations, actor, {
      organisation: person.organisation,
      name: person.name,
      email: person.email,
      ...(person.screened && { screenedUntil: dayFrom(today, 300) }),
      ...(person.baseline && { baselineUntil: dayFrom(today, 500) }),
    });
    persons.set(person.email, made.id);
  }
  const staff = content.staff.map((email) => memberOf(provider, email, accounts.get(email), actor));
  for (const person of content.people) await appoint(deps, actor, staff, persons.get(person.email), person);
  await importClearances(deps.clearances, actor, Buffer.from(clearancesCsv(content.people, today)), false);
  for (const [organisation, severities] of Object.entries(content.contacts))
    await setContacts(deps.organisations, actor, organisation, {
      contacts: severities.map(deskOf(organisation)),
    });
  for (const [organisation, eligibility] of Object.entries(content.eligibility))
    await changeOrganisation(deps.organisations, actor, organisation, { eligibility });
  for (const { id, services, evidence } of content.tenancies) {
    await changeLife(deps.organisations, actor, id, { to: 'commencing', reason: 'Invitation accepted' });
    await consume(deps.organisations, actor, id, services);
    for (const condition of evidence)
      await recordEvidence(deps.organisations, actor, id, condition, `Demo register, ${condition}`);
  }
  const found = (all: ReadonlyMap<string, string>) => (email: string) => {
    const id = all.get(email);
    if (id === undefined) throw new Error(`The demo has nobody called ${email}.`);
    return id;
  };
  const user = found(accounts);
  return {
    all: actor,
    actor: (email) => memberOf(provider, email, user(email), actor),
    person: found(persons),
  };
}

async function appoint(
  deps: SettleDeps,
  actor: Actor,
  staff: readonly Actor[],
  person: string | undefined,
  { offices }: PersonContent,
): Promise<void> {
  if (person === undefined) return;
  for (const { verified, kind, daysAgo, ...held } of offices) {
    const then = new Date(deps.organisations.clock.now().getTime() - daysAgo * dayMs);
    const organisations = { ...deps.organisations, clock: { now: () => then } };
    const made = await proposeAppointment(organisations, actor, {
      ...held,
      person,
      evidenceKind: kind,
      months: 12,
    });
    for (const verifier of staff.slice(0, verified))
      await verifyAppointment(organisations, verifier, made.id, 'Looked at the evidence (demo)');
  }
}

/** One of the demo's people, as they would come with their own account. */
const memberOf = (organisation: string, email: string, userId: string | undefined, actor: Actor): Actor =>
  actorOf({
    kind: 'user',
    id: userId ?? '',
    userId,
    name: `${email} (demo)`,
    organisation,
    ofProvider: true,
    roles: ['officer'],
    permissions: actor.permissions,
    scopeOrNone: actor.scopeOrNone,
  });

const deskOf = (organisation: string) => (one: z.infer<typeof severity>) => ({
  severity: one,
  topic: '',
  rank: 1,
  name: one === 'critical' || one === 'high' ? 'Duty officer, day and night' : 'Security desk',
  phone: '+61 2 5550 0100',
  email: `security@${organisation}.example`,
});

const dayMs = 86_400_000;
const dayFrom = (today: Date, days: number): string =>
  new Date(today.getTime() + days * dayMs).toISOString().slice(0, 10);

/** As a security officer's spreadsheet has it. */
function clearancesCsv(people: readonly PersonContent[], today: Date): string {
  const head = 'email,level,sponsor,sponsor active,granted,revalidation due,citizenship,confirmed,evidence';
  const rows = people.flatMap(({ email, clearance }) => {
    if (clearance === undefined) return [];
    const ago = (days: number | undefined): string => (days === undefined ? '' : dayFrom(today, -days));
    return [
      [
        email,
        clearance.level,
        'Wattle Sovereign Cloud',
        clearance.sponsorEnded ? 'no' : 'yes',
        ago(clearance.grantedDaysAgo),
        ago(clearance.revalidationDueDaysAgo),
        clearance.citizenships.join(' '),
        ago(clearance.confirmedDaysAgo),
        clearance.confirmedDaysAgo === undefined ? '' : 'Sponsor register (demo)',
      ].join(','),
    ];
  });
  return [head, ...rows].join('\n');
}
