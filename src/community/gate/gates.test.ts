import { describe, expect, test } from 'vitest';
import { shippedParameters } from './contract.ts';
import { decide, type Policy } from './decide.ts';
import { type Ask, type FactValues, known, unknown } from './facts.ts';
import { gates } from './gates.ts';
import { daysAgo, factsFor, later, now, policy, without } from './testing.ts';

type Changes = Partial<FactValues>;
type Row = {
  readonly gate: string;
  readonly action: string;
  /** Each opens the gate; the last moment before a limit among them. */
  readonly open: readonly Changes[];
  /** Each closes it; the very second of a limit among them. */
  readonly closed: readonly Changes[];
  readonly ask?: Partial<Ask>;
  readonly policy?: Partial<typeof shippedParameters>;
};

// Filled in where a row changes one member only.
const base = factsFor('support.connect').facts;
function good<Name extends keyof FactValues>(name: Name): NonNullable<FactValues[Name]> {
  const fact = base[name];
  if (fact?.known !== true || fact.value === null) throw new Error(`${name} is among the good facts`);
  return fact.value as NonNullable<FactValues[Name]>; // it is the value of that name
}
const dayAfter = (count: number): Date => new Date(daysAgo(count).getTime() + 1000);
const clearance = (change: Partial<NonNullable<FactValues['clearance']>>) => ({
  clearance: { ...good('clearance'), ...change },
});
const pdce = { environment: { id: 'pdce', marking: 'PROTECTED' } };
const place = (
  country: string | null,
  exception: Partial<NonNullable<FactValues['placeException']>> = {},
) => ({
  place: { country },
  placeException: { countries: ['NZ'], until: later(1), agreedBy: ['provider', 'customer'], ...exception },
});
const support = (change: Partial<NonNullable<FactValues['support']>>) => ({
  support: { ...good('support'), ...change },
});
const emergency = (change: Partial<NonNullable<FactValues['breakGlass']>>) => ({
  breakGlass: { ...good('breakGlass'), ...change },
});
const change = (by: Partial<NonNullable<FactValues['change']>>) => ({ change: { ...good('change'), ...by } });
const appointment = (by: Partial<FactValues['appointments'][number]>) => ({
  appointments: [{ office: 'cio', verified: true, from: daysAgo(1), until: later(1), ...by }],
});
const account = (by: Partial<FactValues['account']>) => ({ account: { ...good('account'), ...by } });
const tenancy = (by: Partial<FactValues['tenancy']>) => ({ tenancy: { ...good('tenancy'), ...by } });
const subject = (by: Partial<FactValues['subject']>) => ({
  subject: {
    kind: 'person' as const,
    organisation: 'acme',
    ofProvider: false,
    state: 'active' as const,
    ...by,
  },
});
const agreement = (state: FactValues['agreement']['state'], until: Date | null = null) => ({
  agreement: { state, version: '2', until },
});
const duties = (by: Partial<FactValues['duties']>) => ({ duties: { ...good('duties'), ...by } });

const rows: readonly Row[] = [
  {
    gate: 'feed-alive',
    action: 'portal.use',
    open: [{ feed: { heardUntil: later(-15) } }],
    closed: [{ feed: { heardUntil: later(-16) } }],
  },
  {
    gate: 'environment-known',
    action: 'portal.use',
    open: [{}],
    closed: [{ environment: { id: '', marking: '' } }],
  },
  {
    gate: 'subject-active',
    action: 'portal.use',
    open: [{}],
    closed: [subject({ state: 'suspended' }), subject({ state: 'left' })],
  },
  {
    gate: 'account-used',
    action: 'portal.use',
    open: [account({ lastUsedAt: dayAfter(45) }), account({ lastUsedAt: null, createdAt: dayAfter(45) })],
    closed: [account({ lastUsedAt: daysAgo(45) }), account({ lastUsedAt: null, createdAt: daysAgo(45) })],
  },
  {
    gate: 'account-reviewed',
    action: 'portal.use',
    open: [account({ reviewedAt: dayAfter(365) }), account({ reviewedAt: null, createdAt: daysAgo(1) })],
    closed: [account({ reviewedAt: daysAgo(365) }), account({ reviewedAt: null })],
  },
  {
    gate: 'role-permits',
    action: 'agreement.sign',
    open: [account({ roles: ['member', 'officer'] })],
    closed: [account({ roles: ['member'] }), account({ roles: [] })],
  },
  {
    gate: 'right-organisation',
    action: 'portal.use',
    open: [{}],
    closed: [subject({ organisation: 'beta' }), subject({ organisation: 'wattle', ofProvider: true })],
  },
  {
    gate: 'right-organisation',
    action: 'support.connect',
    open: [subject({ organisation: 'wattle', ofProvider: true })],
    closed: [subject({})],
  },
  {
    gate: 'organisation-eligible',
    action: 'portal.use',
    open: [{ organisation: { eligible: true, state: 'commencing' } }],
    closed: [
      { organisation: { eligible: false, state: 'active' } },
      { organisation: { eligible: true, state: 'suspended' } },
      { organisation: { eligible: true, state: 'leaving' } },
      { organisation: { eligible: true, state: 'invited' } },
    ],
  },
  {
    gate: 'organisation-eligible',
    action: 'data.retrieve',
    open: [{ organisation: { eligible: true, state: 'leaving' } }],
    closed: [{ organisation: { eligible: true, state: 'left' } }],
  },
  {
    gate: 'tenancy-open',
    action: 'portal.use',
    open: [{}],
    closed: [tenancy({ state: 'suspended' }), tenancy({ state: 'commencing' }), tenancy({ state: 'left' })],
  },
  {
    gate: 'tenancy-open',
    action: 'incident.report',
    open: [tenancy({ state: 'suspended' }), tenancy({ state: 'leaving' }), tenancy({ state: 'invited' })],
    closed: [tenancy({ state: 'left' })],
  },
  {
    gate: 'tenancy-open',
    action: 'service.provision',
    open: [tenancy({ state: 'commencing' })],
    closed: [tenancy({ state: 'leaving' })],
  },
  {
    gate: 'agreement-in-force',
    action: 'portal.use',
    open: [
      agreement('accepted', later(1)),
      agreement('superseded-in-grace', later(1)),
      { ...agreement('none'), ...tenancy({ internal: true }) },
    ],
    closed: [
      agreement('accepted', now),
      agreement('superseded-in-grace', now),
      ...(['none', 'invited', 'reviewing', 'lapsed', 'withdrawn', 'suspended'] as const).map((state) =>
        agreement(state),
      ),
    ],
  },
  {
    gate: 'classification-allowed',
    action: 'data.read',
    ask: { resource: { type: 'data', id: 'd1' } },
    open: [
      { classification: 'OFFICIAL: Sensitive' },
      { ...pdce, classification: 'PROTECTED' },
      { ...pdce, classification: 'OFFICIAL' },
    ],
    closed: [
      { classification: 'PROTECTED' },
      { ...pdce, classification: 'SECRET' },
      { environment: { id: 'x', marking: 'constructor' } },
    ],
  },
  {
    gate: 'commencement-complete',
    action: 'service.provision',
    open: [{ commencement: [] }],
    closed: [{ commencement: [{ id: 'bia', title: 'Business impact assessment', met: false }] }],
  },
  {
    gate: 'contacts-fresh',
    action: 'service.provision',
    open: [{ contacts: { checkedAt: dayAfter(90) } }],
    closed: [{ contacts: { checkedAt: daysAgo(90) } }, { contacts: { checkedAt: null } }],
  },
  {
    gate: 'obligations-met',
    action: 'service.provision',
    open: [{ obligations: [] }, { obligations: [{ id: 'x', title: 'X', dueAt: later(1) }] }],
    closed: [{ obligations: [{ id: 'x', title: 'X', dueAt: now }] }],
  },
  {
    gate: 'monitoring-confirmed',
    action: 'service.provision',
    open: [{ monitoring: { confirmedAt: null } }, { ...pdce, monitoring: { confirmedAt: dayAfter(365) } }],
    closed: [
      { ...pdce, monitoring: { confirmedAt: daysAgo(365) } },
      { ...pdce, monitoring: { confirmedAt: null } },
    ],
  },
  {
    gate: 'appointed-to-sign',
    action: 'agreement.sign',
    open: [appointment({}), appointment({ office: 'ciso', from: now })],
    closed: [
      appointment({ until: now }),
      appointment({ from: later(1) }),
      appointment({ verified: false }),
      appointment({ office: 'coo' }),
      { appointments: [] },
    ],
  },
  {
    gate: 'cleared',
    action: 'infrastructure.administer',
    open: [
      clearance({ level: 'nv2', confirmedAt: dayAfter(365) }),
      clearance({ revalidationDue: daysAgo(900) }),
      pdce,
    ],
    closed: [
      clearance({ level: 'baseline' }),
      clearance({ level: 'none' }),
      { clearance: null },
      clearance({ status: 'suspended' }),
      clearance({ status: 'ceased' }),
      clearance({ sponsorActive: false }),
      clearance({ confirmedAt: daysAgo(365) }),
      clearance({ confirmedAt: null }),
    ],
  },
  {
    gate: 'cleared',
    action: 'infrastructure.administer',
    policy: {
      clearances: [
        { environment: '*', action: 'infrastructure.administer', level: 'baseline' },
        { environment: 'pdce', action: '*', level: 'nv2' },
      ],
      revalidationOverdueDenies: true,
    },
    open: [clearance({ level: 'baseline' }), { ...pdce, ...clearance({ level: 'nv2' }) }],
    closed: [{ ...pdce, ...clearance({ level: 'nv1' }) }, clearance({ revalidationDue: now })],
  },
  {
    gate: 'cleared-for-support',
    action: 'break-glass.connect',
    policy: { clearances: [], clearanceOtherwise: 'none' },
    open: [clearance({ level: 'baseline' })],
    closed: [clearance({ level: 'none' }), { clearance: null }, clearance({ status: 'cancelled' })],
  },
  {
    gate: 'screened',
    action: 'portal.use',
    open: [
      { screening: { screenedUntil: later(1), baselineUntil: null } },
      { ...pdce, screening: { screenedUntil: null, baselineUntil: later(1) } },
    ],
    closed: [
      { screening: { screenedUntil: now, baselineUntil: later(1) } },
      { ...pdce, screening: { screenedUntil: later(1), baselineUntil: now } },
      { ...pdce, screening: { screenedUntil: later(1), baselineUntil: null } },
    ],
  },
  {
    gate: 'citizen',
    action: 'support.connect',
    open: [{ citizenship: { countries: ['NZ', 'AU'], waivedUntil: null } }],
    closed: [
      { citizenship: { countries: ['NZ'], waivedUntil: later(1) } },
      { citizenship: { countries: [], waivedUntil: null } },
    ],
  },
  {
    gate: 'citizen',
    action: 'support.connect',
    policy: { citizenshipWaivers: true },
    open: [{ citizenship: { countries: ['NZ'], waivedUntil: later(1) } }],
    closed: [{ citizenship: { countries: ['NZ'], waivedUntil: now } }],
  },
  {
    gate: 'place-allowed',
    action: 'portal.use',
    open: [place('AU'), place('NZ')],
    closed: [
      place('NZ', { until: now }),
      place('NZ', { agreedBy: ['provider'] }),
      place('US'),
      place(null),
      { place: { country: 'NZ' }, placeException: null },
    ],
  },
  {
    gate: 'customer-approved',
    action: 'break-glass.connect',
    open: [{ customerApproval: { by: ['a'], offices: [], until: later(1) } }],
    closed: [
      { customerApproval: { by: ['a'], offices: [], until: now } },
      { customerApproval: { by: [], offices: [], until: later(1) } },
      { customerApproval: null },
    ],
  },
  {
    gate: 'provider-approved',
    action: 'support.connect',
    open: [{ providerApproval: { by: ['a'], offices: ['coo'], until: later(1) } }],
    closed: [
      { providerApproval: { by: ['a'], offices: ['coo'], until: now } },
      { providerApproval: { by: ['a'], offices: ['cfo'], until: later(1) } },
      { providerApproval: null },
    ],
  },
  {
    gate: 'duties-separate',
    action: 'support.connect',
    open: [{}],
    closed: [
      duties({ approvers: ['asker'] }),
      duties({ approvers: ['engineer'] }),
      duties({ requester: 'engineer' }),
      duties({ operator: 'somebody' }),
      duties({ approvers: [] }),
    ],
  },
  {
    gate: 'change-approved',
    action: 'change.apply',
    open: [change({ from: now, until: later(1) }), change({ state: 'draft', emergencyReason: 'Fire' })],
    closed: [
      change({ until: now }),
      change({ from: later(1) }),
      change({ state: 'draft' }),
      change({ state: 'draft', emergencyReason: ' ' }),
      change({ state: 'rejected', emergencyReason: 'Fire' }),
      { change: null },
    ],
  },
  {
    gate: 'device-managed',
    action: 'support.connect',
    open: [{}],
    closed: [{ device: { managed: false } }],
  },
  {
    gate: 'remote-work-approved',
    action: 'support.connect',
    open: [{ remoteWork: { remote: true, approvedUntil: later(1) } }],
    closed: [
      { remoteWork: { remote: true, approvedUntil: now } },
      { remoteWork: { remote: true, approvedUntil: null } },
    ],
  },
  {
    gate: 'session-fresh',
    action: 'portal.use',
    open: [
      { session: { beganAt: later(-12 * 3600 + 1), lastActiveAt: now, phishingResistant: false } },
      { session: { beganAt: later(-3600), lastActiveAt: later(-15 * 60 + 1), phishingResistant: false } },
    ],
    closed: [
      { session: { beganAt: later(-12 * 3600), lastActiveAt: now, phishingResistant: true } },
      { session: { beganAt: later(-3600), lastActiveAt: later(-15 * 60), phishingResistant: true } },
    ],
  },
  {
    gate: 'sign-in-strong',
    action: 'agreement.sign',
    open: [{}],
    closed: [{ session: { ...good('session'), phishingResistant: false } }],
  },
  { gate: 'stays-on-site', action: 'data.export', open: [], closed: [{}] },
  {
    gate: 'support-live',
    action: 'support.connect',
    open: [
      support({ startedAt: later(-3599) }),
      support({ startedAt: later(-240 * 60 + 1), minutes: 9999 }),
      support({ startedAt: now }),
    ],
    closed: [
      support({ startedAt: later(-3600) }),
      support({ startedAt: later(-240 * 60), minutes: 9999 }),
      support({ startedAt: later(1) }),
      support({ startedAt: null }),
      support({ state: 'approved' }),
      support({ state: 'ended' }),
      support({ engineers: ['other'] }),
      support({ tenancy: 'beta-odce' }),
      { support: null },
    ],
  },
  {
    gate: 'emergency-declared',
    action: 'break-glass.connect',
    open: [emergency({ startedAt: later(-3599), minutes: 600 })],
    closed: [
      emergency({ startedAt: later(-3600), minutes: 600 }),
      emergency({ declaredBy: ['boss', 'boss'] }),
      emergency({ declaredBy: ['boss', 'engineer'] }),
      emergency({ reason: '  ' }),
      emergency({ told: ['provider-ciso'] }),
      { breakGlass: null },
    ],
  },
  {
    gate: 'application-allows',
    action: 'portal.use',
    ask: { application: 'demo' },
    open: [{}],
    closed: [{ application: { allowed: false, condition: 'status is archived' } }],
  },
];

const withParameters = ({ policy: change }: Row): Policy => ({
  ...policy,
  parameters: { ...shippedParameters, ...change },
});
const answerTo = (row: Row, changes: Changes) =>
  decide(factsFor(row.action, changes, row.ask), withParameters(row));

test('every gate has a row here', () => {
  expect(new Set(rows.map(({ gate }) => gate))).toEqual(new Set(gates.map(({ id }) => id)));
});

describe.each(rows.map((row) => [`${row.gate} for ${row.action}`, row] as const))('%s', (_name, row) => {
  test('opens', () => {
    for (const changes of row.open) {
      const { decision, reasons } = answerTo(row, changes);
      expect({ decision, reasons, changes }).toEqual({ decision: true, reasons: [], changes });
    }
  });

  test('closes, and says so with its clause and remedy', () => {
    for (const changes of row.closed) {
      const { decision, reasons } = answerTo(row, changes);
      const reason = reasons.find(({ gate }) => gate === row.gate);
      expect([changes, decision, reason?.code]).toEqual([changes, false, row.gate]);
      expect(reason?.staff).toMatch(/\.$/);
    }
  });

  test('denies for each fact that is missing, stale, from the future or unreadable, and names it', () => {
    const facts = factsFor(row.action, row.open[0] ?? {}, row.ask);
    const gate = gates.find(({ id }) => id === row.gate);
    for (const name of gate?.needs ?? []) {
      const fact = facts.facts[name];
      if (fact?.known !== true) throw new Error(`${name} is among the good facts`);
      const spoilt = [
        without(facts, name),
        { ...facts, facts: { ...facts.facts, [name]: unknown('its source is away') } },
        { ...facts, facts: { ...facts.facts, [name]: known(fact.value, later(-31), 'test') } },
        { ...facts, facts: { ...facts.facts, [name]: known(fact.value, later(6), 'test') } },
        { ...facts, facts: { ...facts.facts, [name]: known('nonsense \0', now, 'test') } },
      ];
      for (const [at, one] of spoilt.entries()) {
        if (at === 4 && name === 'classification') continue; // any text is one
        const { decision, reasons } = decide(one, withParameters(row));
        const reason = reasons.find(({ gate: id }) => id === row.gate);
        expect([at, decision, reason?.code, reason?.missing]).toEqual([
          at,
          false,
          'fact-unavailable',
          [name],
        ]);
      }
    }
  });
});

test('every gate tells outsiders fixed words, without a level, a state or a date', () => {
  const forbidden =
    /nv1|nv2|baseline|\bpv\b|clearance|cleared|vetted|sponsor|revalidat|citizen|suspend|ceased|cancel|\d{4}-\d\d/i;
  for (const row of rows)
    for (const changes of row.closed)
      for (const { outsiders, remedy, gate } of answerTo(row, changes).reasons) {
        expect([gate, outsiders]).toEqual([gate, gates.find(({ id }) => id === gate)?.outsiders]);
        expect([gate, `${outsiders} ${remedy.who}`]).not.toEqual([gate, expect.stringMatching(forbidden)]);
      }
});
