import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { changed, directory } from '#community';
import { openWorld } from '#identity/testing';
import { systemAccess } from '#platform/scope';
import type { AccountFacts, ClearanceLevel } from './facts.ts';
import { search } from './search.ts';
import { type Caller, type Gate, openGate } from './service.ts';
import { asks, memorySources } from './testing.ts';

const caller = (ofProvider: boolean, tenancies: readonly string[]): Caller => ({
  actor: {
    id: 'pep',
    name: 'portal',
    ofProvider,
    organisation: 'wattle',
    scopeOrNone: { tenancies } as never,
  }, // all that a gate reads of a scope
  face: 'authzen',
  requestId: 'r1',
});

describe('a search for people', () => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  let memory: ReturnType<typeof memorySources>;
  let gate: Gate;
  const at = (days: number): Date => new Date(world.clock.now().getTime() + days * 86_400_000);

  beforeAll(async () => {
    world = await openWorld(directory);
    memory = memorySources(world.clock.now(), 40);
    gate = await openGate({
      ...world.deps,
      sources: memory.sources,
      countryOf: async (_tx, address) => (address.startsWith('203.0.113.') ? 'AU' : 'NZ'),
      failed: () => undefined,
      beatMilliseconds: 25,
    });
    await vi.waitUntil(() => gate.snapshot.heardUntil());
    const { people, accounts, clearances, placeExceptions, remoteWork, devices, support, changes } =
      memory.registers;
    // Each in another state, so that every gate about a person opens for some and closes for others.
    const pick = <T>(n: number, ...from: readonly T[]): T => from[n % from.length] as T; // the list is never empty
    const ids = [...people.entries.keys()];
    for (const [n, id] of ids.entries()) {
      const person = people.entries.get(id);
      if (person === undefined) continue;
      const provider = n % 3 === 0;
      people.entries.set(id, {
        ...person,
        organisation: provider ? 'wattle' : pick(n, 'acme', 'beta'),
        state: pick(Math.floor(n / 3), 'active', 'active', 'active', 'suspended', 'left'),
        user: n % 17 === 5 ? null : person.user,
        screening: pick(n, person.screening, person.screening, undefined, {
          screenedUntil: at(-1),
          baselineUntil: null,
        }),
      });
      const account: AccountFacts = {
        roles: provider ? pick(n, ['support-engineer'], ['auditor']) : pick(n, ['member'], ['officer'], []),
        lastUsedAt: pick(n, at(-1), at(-1), at(-1), at(-50), null),
        createdAt: at(-500),
        reviewedAt: pick(n, at(-1), at(-2), at(-400)),
      };
      accounts.entries.set(`user-${id}`, account);
      if (provider && n % 4 !== 0)
        clearances.entries.set(id, {
          clearance: {
            level: pick<ClearanceLevel>(n, 'nv1', 'nv2', 'baseline'),
            status: pick(n, 'active', 'active', 'ceased'),
            sponsorActive: true,
            confirmedAt: at(-10),
            revalidationDue: null,
          },
          citizenship: { countries: pick(n, ['AU'], ['AU'], ['NZ']), waivedUntil: null },
        });
      if (n % 5 === 0)
        placeExceptions.entries.set(id, {
          countries: ['NZ'],
          until: at(1),
          agreedBy: ['provider', 'customer'],
        });
      if (n % 2 === 0) remoteWork.entries.set(id, at(1));
    }
    devices.entries.set('laptop', {
      person: ids[3] ?? '',
      managed: true,
      posture: 'met',
      postureCheckedAt: at(-1),
    });
    const approval = { by: ['zed'], offices: ['ciso'], until: at(1) };
    support.entries.set('r1', {
      tenancy: 'acme-odce',
      support: {
        state: 'live',
        engineers: ids.filter((_, n) => n % 2 === 1),
        tenancy: 'acme-odce',
        startedAt: at(-0.01),
        minutes: 60,
      },
      breakGlass: null,
      customerApproval: approval,
      providerApproval: approval,
      duties: { requester: 'user-eli', approvers: ['zed'] },
    });
    changes.entries.set('c1', {
      tenancy: 'wattle-odce',
      change: { state: 'approved', from: at(-1), until: at(1), emergencyReason: null },
      duties: { requester: 'eli', approvers: [ids[6] ?? ''] },
    });
    for (const kind of [
      'person',
      'account',
      'clearance',
      'exception',
      'support',
      'change',
      'device',
    ] as const)
      await world.records.transaction(systemAccess('test'), (tx) => changed(tx, { kind, id: '' }));
    await vi.waitUntil(() => gate.snapshot.namesOf('person').length > 0 && !gate.snapshot.settled());
    await gate.ready({ address: '203.0.113.7' });
    await gate.ready({ address: '198.51.100.7' });
  });
  afterAll(async () => {
    await gate.close();
    await world.close();
  });

  const resource = fc.constantFrom(
    { type: 'tenancy', id: 'acme-odce' },
    { type: 'tenancy', id: 'beta-odce' },
    { type: 'tenancy', id: 'nowhere' },
    { type: 'environment', id: 'odce' },
    { type: 'support-session', id: 'r1' },
    { type: 'change', id: 'c1' },
    { type: 'data', id: 'd1', properties: { tenancy: 'acme-odce', classification: 'OFFICIAL' } },
  );
  const context = fc.record({
    address: fc.constantFrom('203.0.113.7', '203.0.113.7', '198.51.100.7', undefined),
    strong: fc.boolean(),
    device: fc.constantFrom({ managed: true }, { managed: false }, { id: 'laptop' }, undefined),
    remote: fc.constantFrom(true, false, undefined),
  });

  test('finds exactly those whom a question about each of them would permit', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(asks), 'portal.destroy'),
        resource,
        context,
        fc.constantFrom('email', 'person', 'user', 'spaceship'),
        fc.boolean(),
        async (action, about, { address, strong, device, remote }, type, staff) => {
          const by = caller(staff, ['acme-odce']);
          const moment = world.clock.now().toISOString();
          const wanted = {
            subject: { type },
            action: { name: action },
            resource: about,
            context: {
              ironbark: {
                address,
                session: { began_at: moment, last_active_at: moment, phishing_resistant: strong },
                device,
                remote,
              },
            },
          };
          const everybody = type === 'spaceship' ? [] : gate.snapshot.namesOf(type as 'email');
          const permitted = everybody.filter(
            (id) => gate.weigh(by, { ...wanted, subject: { type, id } }).decision,
          );
          const { results } = await search(gate, by, 'subject', wanted);
          found += results.length;
          expect(results).toEqual(permitted.map((id) => ({ type, id })));
        },
      ),
      { numRuns: 600 },
    );
    expect(found).toBeGreaterThan(0);
  });

  test('knows people by their names of the moment', async () => {
    const { people } = memory.registers;
    const [id, person] = [...people.entries].find(([, { state }]) => state === 'active') ?? [];
    if (id === undefined || person === undefined) throw new Error('somebody is active');
    people.entries.set(id, { ...person, email: 'aaa@wattle.example' });
    await world.records.transaction(systemAccess('test'), (tx) => changed(tx, { kind: 'person', id }));
    await vi.waitUntil(() => gate.snapshot.namesOf('email')[0] === 'aaa@wattle.example');
    expect(gate.snapshot.namesOf('email')).not.toContain(person.email);
  });
});
