/** Facts under which everything is permitted, for tests and benches: each test spoils one. */
import { shippedParameters } from './contract.ts';
import type { Policy } from './decide.ts';
import { type Ask, type FactName, type Facts, type FactValues, known } from './facts.ts';

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
