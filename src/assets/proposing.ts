import type { Actor } from '#identity';
import { Conflict, NotFound } from '#platform/errors';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import { applyPlan } from './apply.ts';
import type { Proposal, proposalDecision } from './contract.ts';
import { type AssetDeps, environmentOf, record } from './deps.ts';
import { fieldsOf } from './fields.ts';
import { hostNames, keysOf } from './keys.ts';
import { keyIndex, match } from './match.ts';
import { plan } from './plan.ts';
import type { AssetRow } from './readers/record.ts';
import { decide, dropKnown, proposals, proposalsNamed, putSeen, type SeenHost } from './store-proposals.ts';
import { lockInventory } from './store-inventory.ts';
import { keysIn, observations, putObservations, seenAgain } from './store.ts';

/** Where hosts that sent events are read from; filled by the wiring. */
export type HostsSeen = () => Promise<readonly SeenHost[]>;

/**
 * Puts the hosts of events beside the inventory: those it knows were seen again, those it does not are proposed. Nothing is
 * added: that is for a person.
 */
export async function proposeHosts(deps: AssetDeps, hostsSeen: HostsSeen): Promise<{ proposed: number }> {
  const seen = Map.groupBy(await hostsSeen(), ({ tenancy }) => tenancy);
  let proposed = 0;
  for (const [tenancy, hosts] of seen)
    proposed += await deps.records.transaction(systemAccess('propose hosts'), async (tx) => {
      await lockInventory(tx, tenancy);
      const index = keyIndex();
      for (const { asset, key } of await keysIn(tx, tenancy)) index.add(asset, [key]);
      const unknown: SeenHost[] = [];
      const known: SeenHost[] = [];
      const lastOf = new Map<string, SeenHost>();
      for (const host of hosts) {
        const keys = keysOf({ kind: 'host', hostname: host.hostname });
        // Addresses and the like: no names to know a host by.
        if (keys.length === 0) continue;
        const found = match(keys, index);
        if (found.kind === 'new') unknown.push({ ...host, hostname: nameOf(host.hostname) });
        else known.push(host);
        if (found.kind === 'same' && (lastOf.get(found.asset)?.lastSeenAt ?? 0) < host.lastSeenAt)
          lastOf.set(found.asset, host);
      }
      await dropKnown(
        tx,
        tenancy,
        known.map(({ hostname }) => nameOf(hostname)),
      );
      const before = new Map(
        (await observations(tx, [...lastOf.keys()]))
          .filter(({ source }) => source === 'events')
          .map((one) => [one.asset, one]),
      );
      const seenNow = [...lastOf].map(([asset, host]) => ({
        asset,
        source: 'events',
        format: 'events',
        seenAt: later(host.lastSeenAt, before.get(asset)?.seenAt),
        firstSeenAt: before.get(asset)?.firstSeenAt ?? host.firstSeenAt,
        said: before.get(asset)?.said ?? {},
      }));
      await putObservations(tx, tenancy, seenNow);
      await seenAgain(
        tx,
        seenNow.map(({ asset, seenAt }) => ({ asset, at: seenAt })),
      );
      const added = (await putSeen(tx, distinct(unknown))).get(tenancy) ?? 0;
      return added;
    });
  return { proposed };
}

const later = (a: Date, b: Date | undefined): Date => (b !== undefined && b > a ? b : a);

/** Hosts that differ in case only are one. */
function distinct(hosts: readonly SeenHost[]): SeenHost[] {
  const found = new Map<string, SeenHost>();
  for (const host of hosts) {
    const before = found.get(host.hostname);
    found.set(
      host.hostname,
      before === undefined
        ? host
        : {
            ...host,
            firstSeenAt: before.firstSeenAt < host.firstSeenAt ? before.firstSeenAt : host.firstSeenAt,
            lastSeenAt: later(before.lastSeenAt, host.lastSeenAt),
            events: before.events + host.events,
          },
    );
  }
  return [...found.values()];
}

function nameOf(hostname: string): string {
  const names = hostNames(hostname);
  return names?.fqdn ?? names?.hostname ?? hostname.toLowerCase();
}

export function listProposals(
  deps: AssetDeps,
  actor: Actor,
  state: Proposal['state'] | undefined,
): Promise<Proposal[]> {
  return deps.records.transaction(actor.scope, async (tx) =>
    (await proposals(tx, actor.scope, state)).map((one) => ({
      ...one,
      firstSeenAt: one.firstSeenAt.toISOString(),
      lastSeenAt: one.lastSeenAt.toISOString(),
      decidedAt: one.decidedAt?.toISOString() ?? null,
    })),
  );
}

/** Into the inventory, or out of sight; ignored ones can be accepted later. @throws {NotFound} {Conflict} */
export function decideProposals(
  deps: AssetDeps,
  actor: Actor,
  { tenancy, hostnames, decision, why }: z.output<typeof proposalDecision>,
): Promise<{ decided: number }> {
  const { scope } = actor;
  return deps.records.transaction(scope, async (tx) => {
    const environment = await environmentOf(tx, scope, tenancy);
    await lockInventory(tx, tenancy);
    const found = await proposalsNamed(tx, tenancy, hostnames);
    const missing = hostnames.find((name) => !found.some(({ hostname }) => hostname === name));
    if (missing !== undefined) throw new NotFound('proposal', missing);
    const gone = found.find(({ state }) => state === 'accepted');
    if (gone !== undefined) throw new Conflict(`"${gone.hostname}" is in the inventory already.`);
    const now = deps.clock.now();
    const assets = new Map<string, string>();
    if (decision === 'accept') {
      const index = keyIndex();
      for (const { asset, key } of await keysIn(tx, tenancy)) index.add(asset, [key]);
      const rows = plan(found.map(rowOf), index, () => deps.ids.uuid());
      const ambiguous = rows.find(({ to }) => to === undefined);
      if (ambiguous !== undefined) throw new Conflict(ambiguous.why.join(' '));
      const source = 'events';
      const applied = await applyPlan(tx, scope, {
        tenancy,
        environment,
        source,
        format: source,
        collectedAt: now,
        now,
        rows,
        index,
      });
      for (const row of applied.rows) if (row.asset !== null) assets.set(row.name, row.asset);
    }
    const state = decision === 'accept' ? 'accepted' : 'ignored';
    for (const one of found)
      await decide(tx, one, { state, by: actor.name, at: now, why, asset: assets.get(one.hostname) ?? null });
    await record(deps, tx, actor, {
      action: decision === 'accept' ? 'asset.proposal-accepted' : 'asset.proposal-ignored',
      subject: `tenancy/${tenancy}`,
      tenancy,
      environments: decision === 'accept' ? [environment] : [],
      facts: { hosts: [...hostnames].sort(), why },
    });
    return { decided: found.length };
  });
}

const rowOf = (one: SeenHost, at: number): AssetRow => ({
  line: at + 1,
  name: one.hostname,
  kind: 'host',
  keys: keysOf({ kind: 'host', hostname: one.hostname }),
  fields: fieldsOf({ name: one.hostname, hostname: one.hostname }),
  at: one.lastSeenAt.toISOString(),
});
