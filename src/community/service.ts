import { type Actor, adoptIntoProvider, type CommunityFacts, type Directory } from '#identity';
import type { Ledger } from '#ledger';
import type { Clock } from '#platform/clock';
import { Conflict, NotAllowed, NotFound } from '#platform/errors';
import type { Records, Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { changed as factChanged } from './changes.ts';
import { firstEnvironments, markOf, tenancyIdOf } from './community.ts';
import type { CommunityView, Environment, Organisation } from './contract.ts';
import { NoProvider, ProviderExists } from './errors.ts';
import {
  environments,
  insertEnvironment,
  insertOrganisation,
  insertTenancy,
  organisations,
  type StoredTenancy,
  tenancies,
} from './store.ts';

export type CommunityDeps = { readonly records: Records; readonly clock: Clock; readonly ledger: Ledger };

/** Said in each transaction that changes the community. */
const changed = 'community';

/** The community as it last was, for those who can't wait: the pipeline and the queue. */
export type CommunityWatch = { current(): CommunityFacts; close(): Promise<void> };

/** @param failed told when reading it again did not work; the last known stays */
export async function watchCommunity(
  records: Records,
  failed: (error: unknown) => void,
): Promise<CommunityWatch> {
  const load = () => records.transaction(systemAccess('know the community'), facts);
  let current = await load();
  const close = await records.onChange(changed, () => {
    load().then((loaded) => {
      current = loaded;
    }, failed);
  });
  // What was changed between the first look and listening.
  current = await load();
  return { current: () => current, close };
}

const access = systemAccess('manage the community');

/** What identity asks about the community. */
export const directory: Directory = { facts };

async function facts(tx: Tx): Promise<CommunityFacts> {
  const known = await organisations(tx);
  const nameOf = new Map(known.map(({ id, name }) => [id, name]));
  const environmentOf = new Map((await environments(tx)).map((environment) => [environment.id, environment]));
  const provider = known.find(({ kind }) => kind === 'provider');
  return {
    provider: provider ? { id: provider.id, name: provider.name } : null,
    demo: provider?.demo ?? false,
    organisations: new Set(nameOf.keys()),
    tenancies: (await tenancies(tx)).map((tenancy) => {
      // Foreign keys hold both names; the ids stand in for what can't be.
      const organisationName = nameOf.get(tenancy.organisation) ?? tenancy.organisation;
      const environment = environmentOf.get(tenancy.environment);
      return {
        ...tenancy,
        organisationName,
        environmentName: environment?.name ?? tenancy.environment,
        marking: environment?.marking ?? '',
        mark: markOf(organisationName),
      };
    }),
  };
}

/**
 * Makes the provider, the first environments and its internal tenancy in each.
 * @throws {ProviderExists}
 */
export function setUpProvider(
  deps: CommunityDeps,
  actor: Actor,
  given: { id: string; name: string; demo?: boolean },
): Promise<Organisation> {
  return deps.records.transaction(access, async (tx) => {
    const now = deps.clock.now();
    const provider = { id: given.id, name: given.name, kind: 'provider', demo: given.demo ?? false } as const;
    if (!(await insertOrganisation(tx, provider, now)))
      throw new ProviderExists((await facts(tx)).provider?.name ?? '');
    for (const environment of firstEnvironments) {
      await insertEnvironment(tx, environment, now);
      await addInternalTenancy(tx, provider.id, environment.id, now);
    }
    await factChanged(tx, { kind: 'organisation', id: provider.id });
    await adoptIntoProvider(tx, provider.id);
    await deps.ledger.record(tx, {
      actor,
      action: 'provider.set-up',
      subject: `organisation/${provider.id}`,
      facts: { name: provider.name, demo: provider.demo },
    });
    await deps.records.notify(tx, changed, '');
    return { id: provider.id, name: provider.name, kind: provider.kind };
  });
}

/** For an environment that is new. */
async function addInternalTenancy(tx: Tx, provider: string, environment: string, now: Date): Promise<void> {
  const id = tenancyIdOf(provider, environment);
  await insertTenancy(tx, { id, organisation: provider, environment, internal: true }, now);
  await factChanged(tx, { kind: 'environment', id: environment });
  await factChanged(tx, { kind: 'tenancy', id });
}

/** With the provider's own tenancy in it. @throws {Conflict} {NoProvider} */
export async function addEnvironment(
  deps: CommunityDeps,
  actor: Actor,
  given: Environment,
): Promise<Environment> {
  mustBeWhole(actor);
  return deps.records.transaction(access, async (tx) => {
    const { provider } = await facts(tx);
    if (provider === null) throw new NoProvider();
    const now = deps.clock.now();
    if (!(await insertEnvironment(tx, given, now)))
      throw new Conflict(`There is an environment "${given.id}" already.`);
    await addInternalTenancy(tx, provider.id, given.id, now);
    await deps.ledger.record(tx, {
      actor,
      action: 'environment.added',
      subject: `environment/${given.id}`,
      facts: { name: given.name, marking: given.marking },
    });
    await deps.records.notify(tx, changed, '');
    return given;
  });
}

/** @throws {Conflict} {NoProvider} */
export async function addOrganisation(
  deps: CommunityDeps,
  actor: Actor,
  given: Organisation,
): Promise<Organisation> {
  mustBeWhole(actor);
  return deps.records.transaction(access, async (tx) => {
    const { provider, demo } = await facts(tx);
    if (provider === null) throw new NoProvider();
    if (!(await insertOrganisation(tx, { ...given, demo }, deps.clock.now())))
      throw new Conflict(`There is an organisation "${given.id}" already.`);
    await deps.ledger.record(tx, {
      actor,
      action: 'organisation.added',
      subject: `organisation/${given.id}`,
      facts: { name: given.name, kind: given.kind },
    });
    await deps.records.notify(tx, changed, '');
    await factChanged(tx, { kind: 'organisation', id: given.id });
    return given;
  });
}

/** @throws {NotFound} for organisation or environment @throws {Conflict} */
export async function addTenancy(
  deps: CommunityDeps,
  actor: Actor,
  given: { organisation: string; environment: string },
): Promise<StoredTenancy> {
  mustBeWhole(actor);
  return deps.records.transaction(access, async (tx) => {
    const known = await facts(tx);
    if (!known.organisations.has(given.organisation)) throw new NotFound('organisation', given.organisation);
    const places = new Set((await environments(tx)).map(({ id }) => id));
    if (!places.has(given.environment)) throw new NotFound('environment', given.environment);
    const tenancy = { ...given, id: tenancyIdOf(given.organisation, given.environment), internal: false };
    if (!(await insertTenancy(tx, tenancy, deps.clock.now())))
      throw new Conflict(`There is a tenancy "${tenancy.id}" already.`);
    await deps.ledger.record(tx, {
      actor,
      action: 'tenancy.added',
      subject: `tenancy/${tenancy.id}`,
      tenancy: tenancy.id,
      facts: given,
    });
    await deps.records.notify(tx, changed, '');
    await factChanged(tx, { kind: 'tenancy', id: tenancy.id });
    return tenancy;
  });
}

/** A token that was given some tenancies only does not change the community. @throws {NotAllowed} */
function mustBeWhole(actor: Actor): void {
  if (!actor.ofProvider) throw new NotAllowed('community.manage');
}

/** The provider's people see the community; others their own organisation and where it is. */
export function viewCommunity(deps: CommunityDeps, actor: Actor): Promise<CommunityView> {
  return deps.records.transaction(access, async (tx) => {
    const visible = new Set<string>(actor.scopeOrNone?.tenancies ?? []);
    const seen = (await tenancies(tx)).filter(({ id }) => visible.has(id));
    const places = new Set(seen.map(({ environment }) => environment));
    return {
      environments: (await environments(tx)).filter(({ id }) => actor.ofProvider || places.has(id)),
      organisations: (await organisations(tx))
        .filter(({ id }) => actor.ofProvider || id === actor.organisation)
        .map(({ id, name, kind }) => ({ id, name, kind })),
      tenancies: seen,
    };
  });
}
