import type { Permission } from './contract.ts';
import type { Tx } from '#platform/records';
import type { Scope, TenancyId } from '#platform/scope';
import { type Directory, isOfProvider, visibleTenancies } from './directory.ts';
import { permissionsFor } from './permissions.ts';
import { allUsers, userById } from './store-users.ts';
import { type Account, mayUse } from './user.ts';

export type Person = { readonly id: string; readonly name: string };

/** Who may work on alerts of at least one of the scope's tenancies. */
export async function whoMayWork(tx: Tx, directory: Directory, scope: Scope): Promise<Person[]> {
  const facts = await directory.facts(tx);
  const wanted = new Set<string>(scope.tenancies);
  const people = await allUsers(tx, undefined);
  return people
    .filter((account) => worksOn(account, facts).some((tenancy) => wanted.has(tenancy)))
    .map(({ id, name }) => ({ id, name }));
}

/** The provider's people who may do this, whatever tenancies they cover. */
export async function providersPeopleWho(
  tx: Tx,
  directory: Directory,
  permission: Permission,
): Promise<Person[]> {
  const facts = await directory.facts(tx);
  const people = await allUsers(tx, facts.provider?.id);
  return people
    .filter((account) => mayUse(account) && permissionsFor(account.roles, true).has(permission))
    .map(({ id, name }) => ({ id, name }));
}

/** The person, if there is one of this id who may work on this tenancy's alerts. */
export async function mayWorkOn(
  tx: Tx,
  directory: Directory,
  id: string,
  tenancy: TenancyId,
): Promise<Person | undefined> {
  const account = await userById(tx, id);
  if (account === undefined) return undefined;
  const works = worksOn(account, await directory.facts(tx));
  return works.includes(tenancy) ? { id: account.id, name: account.name } : undefined;
}

function worksOn(account: Account, facts: Awaited<ReturnType<Directory['facts']>>): string[] {
  const held = permissionsFor(account.roles, isOfProvider(account.organisation, facts));
  return mayUse(account) && held.has('alert.work')
    ? visibleTenancies(account, facts).map(({ id }) => id)
    : [];
}
