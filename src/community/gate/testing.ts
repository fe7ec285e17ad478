/** Facts under which everything is permitted, for tests and benches: each test spoils one. */
import type { ChangeKind } from '#community';
import { shippedParameters } from './contract.ts';
import type { Policy } from './decide.ts';
import {
  type AccountFacts,
  type AgreementFacts,
  type AppointmentFacts,
  type Ask,
  type EnvironmentFacts,
  type FactName,
  type Facts,
  type FactValues,
  known,
  type ObligationFacts,
  type PlaceExceptionFacts,
} from './facts.ts';
import type {
  ChangeEntry,
  ClearanceEntry,
  CommencementEntry,
  DeviceEntry,
  FactSources,
  FactTable,
  OrganisationEntry,
  PersonEntry,
  SupportEntry,
  TenancyEntry,
} from './sources.ts';

export const now = new Date('2026-05-04T08:00:00.000Z');
export const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
export const daysAgo = (count: number): Date => later(-count * 86_400);
export const policy: Policy = { parameters: shippedParameters, version: 1 };

const ofTenant = { type: 'tenancy', id: 'acme-odce' };
/** Who asks for what, for each action that ships. */
export const asks: Readonly<Record<string, Ask>> = Object.fromEntries(
  Object.entries(shippedParameters.actions).map(([action, { by, resources }]) => [
    action,
    {
      subject: { type: 'person', id: by === 'provider' ? 'engineer' : 'user' },
      action,
      resource: by === 'provider' ? { type: resources[0] ?? '', id: 'r1' } : ofTenant,
      tenancy: 'acme-odce',
      application: null,
    },
  ]),
);

const values = (byProvider: boolean): FactValues => ({
  feed: { heardUntil: now },
  subject: {
    kind: 'person',
    organisation: byProvider ? 'wattle' : 'acme',
    ofProvider: byProvider,
    state: 'active',
  },
  account: {
    roles: ['officer', 'member', 'support-engineer'],
    lastUsedAt: later(-60),
    createdAt: daysAgo(400),
    reviewedAt: daysAgo(30),
  },
  session: { beganAt: later(-3600), lastActiveAt: later(-60), phishingResistant: true },
  clearance: {
    level: 'nv1',
    status: 'active',
    sponsorActive: true,
    confirmedAt: daysAgo(100),
    revalidationDue: later(86_400),
  },
  screening: { screenedUntil: later(86_400), baselineUntil: later(86_400) },
  citizenship: { countries: ['AU'], waivedUntil: null },
  appointments: [{ office: 'ciso', verified: true, from: daysAgo(10), until: later(86_400) }],
  place: { country: 'AU' },
  placeException: null,
  device: { managed: true },
  remoteWork: { remote: false, approvedUntil: null },
  organisation: { eligible: true, state: 'active' },
  tenancy: { organisation: 'acme', state: 'active', internal: false },
  environment: { id: 'odce', marking: 'OFFICIAL' },
  classification: 'OFFICIAL',
  agreement: { state: 'accepted', version: '2', until: null },
  commencement: [{ id: 'bia', title: 'Business impact assessment', met: true }],
  contacts: { checkedAt: daysAgo(10) },
  obligations: [{ id: 'review', title: 'Yearly review', dueAt: later(86_400) }],
  monitoring: { confirmedAt: daysAgo(10) },
  customerApproval: { by: ['approver'], offices: ['approver'], until: later(3600) },
  providerApproval: { by: ['boss'], offices: ['ciso'], until: later(3600) },
  change: { state: 'approved', from: later(-60), until: later(3600), emergencyReason: null },
  duties: { requester: 'asker', approvers: ['approver', 'boss'], operator: 'engineer' },
  support: {
    state: 'live',
    engineers: ['engineer'],
    tenancy: 'acme-odce',
    startedAt: later(-600),
    minutes: 60,
  },
  breakGlass: {
    declaredBy: ['boss', 'chief'],
    startedAt: later(-600),
    minutes: 60,
    reason: 'The storage is failing.',
    told: ['provider-ciso', 'customer-ciso'],
  },
  application: { allowed: true, condition: '' },
});

/** Everything known and good for an action, but for what is changed. */
export function factsFor(action: string, changes: Partial<FactValues> = {}, ask: Partial<Ask> = {}): Facts {
  const asked = { ...(asks[action] ?? { ...asks['portal.use'], action }), ...ask };
  const byProvider = shippedParameters.actions[action]?.by === 'provider';
  const facts = Object.entries({ ...values(byProvider), ...changes }).map(([name, value]) => [
    name,
    known(value, now, 'test'),
  ]);
  // The names and values are those of FactValues, one by one.
  return { at: now, ask: asked as Ask, facts: Object.fromEntries(facts) as Facts['facts'] };
}

export function without({ facts, ...rest }: Facts, name: FactName): Facts {
  const { [name]: _removed, ...left } = facts;
  return { ...rest, facts: left };
}

/** A register in memory: what is put in is read when a change says so. */
export function register<T>(name: string, kinds: readonly ChangeKind[]) {
  const entries = new Map<string, T>();
  let fails: Error | undefined;
  const table: FactTable<T> = {
    name,
    kinds,
    all: async () => {
      if (fails) throw fails;
      return new Map(entries);
    },
    some: async (_tx, ids) => {
      if (fails) throw fails;
      return new Map(
        ids.flatMap((id) => {
          const entry = entries.get(id);
          return entry === undefined ? [] : [[id, entry] as const];
        }),
      );
    },
  };
  return {
    table,
    entries,
    break: (error: Error | undefined) => {
      fails = error;
    },
  };
}

/** Acme in OFFICIAL, with everything in order; `count` more of its people. */
export function memorySources(at: Date, count = 0) {
  const ago = (days: number): Date => new Date(at.getTime() - days * 86_400_000);
  const far = new Date(at.getTime() + 365 * 86_400_000);
  const registers = {
    environments: register<EnvironmentFacts>('environments', ['environment']),
    organisations: register<OrganisationEntry>('organisations', ['organisation']),
    tenancies: register<TenancyEntry>('tenancies', ['tenancy']),
    people: register<PersonEntry>('people', ['person']),
    accounts: register<AccountFacts>('accounts', ['account']),
    clearances: register<ClearanceEntry>('clearances', ['clearance']),
    commencements: register<CommencementEntry>('commencement', ['tenancy']),
    remoteWork: register<Date>('remote work', ['exception']),
    appointments: register<readonly (AppointmentFacts & { person: string })[]>('appointments', [
      'appointment',
    ]),
    contacts: register<{ checkedAt: Date | null }>('contacts', ['contacts']),
    agreements: register<AgreementFacts>('agreements', ['agreement']),
    obligations: register<readonly ObligationFacts[]>('obligations', ['obligation']),
    placeExceptions: register<PlaceExceptionFacts>('exceptions', ['exception']),
    support: register<SupportEntry>('support sessions', ['support']),
    changes: register<ChangeEntry>('changes', ['change']),
    devices: register<DeviceEntry>('devices', ['device']),
  };
  registers.environments.entries.set('odce', { id: 'odce', marking: 'OFFICIAL' });
  for (const id of ['wattle', 'acme', 'beta']) {
    registers.organisations.entries.set(id, {
      eligibleUntil: far,
      state: 'active',
      ofProvider: id === 'wattle',
    });
    registers.tenancies.entries.set(`${id}-odce`, {
      organisation: id,
      environment: 'odce',
      state: 'active',
      internal: id === 'wattle',
    });
    registers.commencements.entries.set(`${id}-odce`, { conditions: [], monitoringConfirmedAt: null });
    if (id !== 'wattle')
      registers.agreements.entries.set(`${id}/odce`, { state: 'accepted', version: '1', until: null });
  }
  const person = (id: string, organisation: string, roles: readonly string[]): void => {
    registers.people.entries.set(id, {
      id,
      organisation,
      state: 'active',
      user: `user-${id}`,
      email: `${id}@${organisation}.example`,
      screening: { screenedUntil: far, baselineUntil: null },
    });
    registers.accounts.entries.set(`user-${id}`, {
      roles,
      lastUsedAt: ago(1),
      createdAt: ago(100),
      reviewedAt: null,
    });
  };
  person('alice', 'acme', ['member']);
  person('bob', 'acme', ['member']);
  person('zoe', 'beta', ['member']);
  person('eli', 'wattle', ['support-engineer']);
  for (let n = 0; n < count; n++) person(`p${String(n).padStart(6, '0')}`, 'acme', ['member']);
  registers.clearances.entries.set('eli', {
    clearance: {
      level: 'nv1',
      status: 'active',
      sponsorActive: true,
      confirmedAt: ago(10),
      revalidationDue: null,
    },
    citizenship: { countries: ['AU'], waivedUntil: null },
  });
  const sources: FactSources = Object.fromEntries(
    Object.entries(registers).map(([name, { table }]) => [name, table]),
  ); // the names are those of the ports
  return { registers, sources };
}

/** What an enforcement point tells of a person at a desk in Australia. */
export const atDesk = (at: Date) => ({
  ironbark: {
    address: '203.0.113.7',
    session: { began_at: at.toISOString(), last_active_at: at.toISOString(), phishing_resistant: true },
    device: { managed: true },
    remote: false,
  },
});
