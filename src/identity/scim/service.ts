import { NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { remove, suspend } from '../account-end.ts';
import type { Actor } from '../actor.ts';
import type { Role } from '../contract.ts';
import type { IdentityDeps } from '../deps.ts';
import { isOfProvider, visibleTenancies } from '../directory.ts';
import { allUsers, changeUser, insertUser, lockUser, lockUserByEmail, userById } from '../store-users.ts';
import type { Account } from '../user.ts';
import type { ScimOperation, ScimUserIn } from './contract.ts';
import { ScimInvalid } from './errors.ts';
import { matching } from './filter.ts';
import { nameOf, patched, type ScimPerson } from './patch.ts';
import { groupResource, listOf, scimRoles, userResource } from './resources.ts';

const access = systemAccess('provision users');

/** One organisation's people, as a provisioning system sees them. */
export type Provisioning = ReturnType<typeof provisioning>;
type Page = { readonly filter?: string | undefined; readonly startIndex: number; readonly count: number };

/**
 * SCIM for one organisation: what its own directory says about its people.
 * Nothing here reaches an administrator or an officer: those are made and ended by people.
 * @see RFC 7644
 */
export function provisioning(deps: IdentityDeps, actor: Actor, organisation: string) {
  const base = `${deps.origin}/scim/v2/${organisation}`;
  const inTx = <T>(work: (tx: Tx, roles: readonly Role[]) => Promise<T>): Promise<T> =>
    deps.records.transaction(access, async (tx) =>
      work(tx, scimRoles(await mayProvision(deps, tx, actor, organisation))),
    );

  const person = async (tx: Tx, id: string): Promise<Account> => {
    const account = await lockUser(tx, id);
    if (account === undefined || account.removedAt !== null || account.organisation !== organisation)
      throw new NotFound('user', id);
    return account;
  };
  const changeable = async (tx: Tx, id: string): Promise<Account> => {
    const account = await person(tx, id);
    if (account.roles.some((role) => role === 'administrator' || role === 'officer'))
      throw new ScimInvalid('mutability', 'Administrators and officers are changed in Ironbark, by people.');
    return account;
  };
  const put = async (tx: Tx, account: Account, next: ScimPerson) => {
    const other = await lockUserByEmail(tx, next.userName);
    if (other !== undefined && other.id !== account.id) throw taken();
    await changeUser(tx, account.id, {
      name: next.displayName,
      email: next.userName,
      externalId: next.externalId,
    });
    if (!next.active && !account.barred) await suspend(deps, tx, actor, account, 'deprovisioned');
    // Only what provisioning ended, provisioning brings back.
    if (next.active && account.suspendedWhy === 'deprovisioned') {
      const now = deps.clock.now();
      await changeUser(tx, account.id, { barred: false, suspendedWhy: null, reinstatedAt: now });
    }
    await deps.ledger.record(tx, {
      actor,
      action: 'user.provisioned',
      subject: `user/${account.id}`,
      facts: { email: next.userName, active: next.active },
    });
    return userResource((await userById(tx, account.id)) ?? account, base);
  };

  return {
    users: ({ filter, ...page }: Page) =>
      inTx(async (tx) => {
        const all = (await allUsers(tx, organisation)).map((account) => userResource(account, base));
        return listOf(matching(all, filter), page);
      }),
    user: (id: string) => inTx(async (tx) => userResource(await person(tx, id), base)),
    addUser: (given: ScimUserIn) =>
      inTx(async (tx) => {
        if (await lockUserByEmail(tx, given.userName)) throw taken();
        const id = deps.ids.uuid();
        const wanted = personFrom(given);
        await insertUser(
          tx,
          {
            id,
            name: wanted.displayName,
            email: given.userName,
            organisation,
            roles: ['member'],
            tenancies: [],
          },
          deps.clock.now(),
        );
        return put(tx, await person(tx, id), wanted);
      }),
    replaceUser: (id: string, given: ScimUserIn) =>
      inTx(async (tx) => put(tx, await changeable(tx, id), personFrom(given))),
    patchUser: (id: string, operations: readonly ScimOperation[]) =>
      inTx(async (tx) => {
        const account = await changeable(tx, id);
        const next = patched(
          {
            userName: account.email,
            externalId: account.externalId,
            displayName: account.name,
            active: !account.barred,
          },
          operations,
        );
        return put(tx, account, next);
      }),
    removeUser: (id: string) => inTx(async (tx) => remove(deps, tx, actor, await changeable(tx, id))),
    groups: ({ filter, ...page }: Page) =>
      inTx(async (tx, roles) => {
        const accounts = await allUsers(tx, organisation);
        return listOf(
          matching(
            roles.map((role) => groupResource(role, accounts, base)),
            filter,
          ),
          page,
        );
      }),
    group: (id: string) =>
      inTx(async (tx, roles) => groupResource(roleOf(id, roles), await allUsers(tx, organisation), base)),
    patchGroup: (id: string, operations: readonly ScimOperation[]) =>
      inTx(async (tx, roles) => {
        const role = roleOf(id, roles);
        for (const operation of operations) await changeMembers(tx, role, operation);
        return groupResource(role, await allUsers(tx, organisation), base);
      }),
  };

  async function changeMembers(tx: Tx, role: Role, { op, path, value }: ScimOperation): Promise<void> {
    const one = /^members\[value eq "([^"]{1,100})"\]$/i.exec(path?.trim() ?? '')?.[1];
    const named = one !== undefined ? [one] : memberIds(path === undefined ? membersOf(value) : value);
    if (one === undefined && path !== undefined && path.trim().toLowerCase() !== 'members')
      throw new ScimInvalid('invalidPath', 'Of a group, only its members can be changed.');
    const now = (await allUsers(tx, organisation)).filter(({ roles }) => roles.includes(role));
    const everybody = op === 'remove' && one === undefined && value === undefined;
    const out = op === 'remove' ? (everybody ? now.map(({ id }) => id) : named) : [];
    const gone = op === 'replace' ? now.map(({ id }) => id).filter((id) => !named.includes(id)) : out;
    for (const id of gone) await setRole(tx, id, role, false);
    if (op !== 'remove') for (const id of named) await setRole(tx, id, role, true);
  }

  async function setRole(tx: Tx, id: string, role: Role, has: boolean): Promise<void> {
    const account = await changeable(tx, id);
    if (account.roles.includes(role) === has) return;
    const kept = account.roles.filter((other) => other !== role);
    // Who has no role left may still read the rules and sign out.
    const roles: readonly Role[] = has ? [...kept, role] : kept.length > 0 ? kept : ['member'];
    await changeUser(tx, id, { roles });
    await deps.ledger.record(tx, { actor, action: 'user.changed', subject: `user/${id}`, facts: { roles } });
  }
}

const taken = () => new ScimInvalid('uniqueness', 'There is an account with this userName already.');

function personFrom(given: ScimUserIn): ScimPerson {
  return {
    userName: given.userName.trim(),
    externalId: given.externalId ?? null,
    displayName: given.displayName ?? nameOf(given.name) ?? given.userName,
    active: given.active ?? true,
  };
}

function roleOf(id: string, roles: readonly Role[]): Role {
  const role = roles.find((one) => one === id);
  if (role === undefined) throw new NotFound('group', id);
  return role;
}

function membersOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'members' in value ? value.members : value;
}

function memberIds(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > 1000) throw new ScimInvalid('invalidValue', 'At most 1,000 members at a time.');
  return list.map((member) => {
    const id = typeof member === 'object' && member !== null && 'value' in member ? member.value : member;
    if (typeof id !== 'string' || id.length > 100)
      throw new ScimInvalid('invalidValue', 'A member is { "value": "the id of a user" }.');
    return id;
  });
}

/**
 * A token that covers an organisation's tenancies, or the provider's own people.
 * @returns whether the organisation is the provider
 * @throws {NotFound}
 */
async function mayProvision(
  deps: IdentityDeps,
  tx: Tx,
  actor: Actor,
  organisation: string,
): Promise<boolean> {
  const facts = await deps.directory.facts(tx);
  const covered = new Set<string>(actor.scopeOrNone?.tenancies ?? []);
  const theirs = visibleTenancies({ organisation, tenancies: [] }, facts).filter(
    (tenancy) => tenancy.organisation === organisation,
  );
  if (!facts.organisations.has(organisation) || !theirs.some(({ id }) => covered.has(id)))
    throw new NotFound('organisation', organisation);
  return isOfProvider(organisation, facts);
}
