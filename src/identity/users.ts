import { Conflict, Invalid, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import type { Actor } from './actor.ts';
import type { newUser, Role, User, userChange } from './contract.ts';
import type { IdentityDeps } from './deps.ts';
import { type CommunityFacts, isOfProvider, visibleTenancies } from './directory.ts';
import { newLink } from './enrolment.ts';
import { LastAdministrator, MoreThanOwn } from './errors.ts';
import { permissionsFor, rolesOutsideProvider } from './permissions.ts';
import { dropSessionsOf } from './store-sessions.ts';
import { allUsers, changeUser, insertUser, lockUser, lockUserByEmail, setAttempts } from './store-users.ts';
import { type Account, shownUser } from './user.ts';

const access = systemAccess('manage users');

/** The provider sees everybody, others their own organisation's people, a token for some tenancies those whose they are. */
export function listUsers(deps: IdentityDeps, actor: Actor): Promise<User[]> {
  return deps.records.transaction(access, async (tx) => {
    const facts = await deps.directory.facts(tx);
    const accounts = (await allUsers(tx, undefined)).filter((account) => sees(actor, account, facts));
    return accounts.map((account) => shownUser(account, deps.clock.now()));
  });
}

/** @returns the user, and the link to hand over. @throws {Conflict} {Invalid} {MoreThanOwn} */
export function addUser(
  deps: IdentityDeps,
  actor: Actor,
  given: z.infer<typeof newUser>,
): Promise<{ user: User; link: string }> {
  return deps.records.transaction(access, async (tx) => {
    const facts = await deps.directory.facts(tx);
    const organisation = organisationFor(given.organisation, facts);
    checkGrant(actor, { ...given, organisation }, facts);
    if (await lockUserByEmail(tx, given.email))
      throw new Conflict('There is an account with this e-mail address already.');
    const user = { ...given, id: deps.ids.uuid(), organisation };
    await insertUser(tx, user, deps.clock.now());
    const link = await newLink(deps, tx, user.id);
    await deps.ledger.record(tx, {
      actor,
      action: 'user.added',
      subject: `user/${user.id}`,
      facts: { email: user.email, roles: user.roles, organisation, tenancies: user.tenancies },
    });
    return { user: shownUser(await existing(tx, actor, user.id, facts), deps.clock.now()), link };
  });
}

/** A new link, for who lost password or second factor: using it replaces both. @throws {NotFound} {MoreThanOwn} */
export function renewLink(
  deps: IdentityDeps,
  actor: Actor,
  id: string,
): Promise<{ user: User; link: string }> {
  return deps.records.transaction(access, async (tx) => {
    const facts = await deps.directory.facts(tx);
    const account = await existing(tx, actor, id, facts);
    checkOwn(actor, account, facts);
    const link = await newLink(deps, tx, id);
    await deps.ledger.record(tx, { actor, action: 'user.link-made', subject: `user/${id}`, facts: {} });
    return { user: shownUser(account, deps.clock.now()), link };
  });
}

/** @throws {NotFound} {Invalid} {MoreThanOwn} {LastAdministrator} */
export function editUser(
  deps: IdentityDeps,
  actor: Actor,
  id: string,
  change: z.infer<typeof userChange>,
): Promise<User> {
  return deps.records.transaction(access, async (tx) => {
    const facts = await deps.directory.facts(tx);
    const before = await existing(tx, actor, id, facts);
    checkOwn(actor, before, facts);
    const roles = change.roles ?? before.roles;
    const tenancies = change.tenancies ?? before.tenancies;
    checkGrant(actor, { organisation: before.organisation, roles, tenancies }, facts);
    const barred = change.locked ?? before.barred;
    await changeUser(tx, id, { roles, tenancies, barred });
    if (change.locked !== undefined) await changeUser(tx, id, { suspendedWhy: null });
    if (change.locked === false) {
      await setAttempts(tx, id, { failures: 0, lockedUntil: null });
      // Who is let in again has the whole time before the account counts as idle.
      await changeUser(tx, id, { reinstatedAt: deps.clock.now() });
    }
    if (change.locked === true) await dropSessionsOf(tx, id);
    if (!(await administratorLeft(tx))) throw new LastAdministrator();
    await deps.ledger.record(tx, {
      actor,
      action: actionOf(change),
      subject: `user/${id}`,
      facts: { roles, tenancies, barred },
    });
    return shownUser(await existing(tx, actor, id, facts), deps.clock.now());
  });
}

function actionOf(change: z.infer<typeof userChange>): string {
  if (change.locked === true) return 'user.locked';
  return change.locked === false ? 'user.unlocked' : 'user.changed';
}

async function existing(tx: Tx, actor: Actor, id: string, facts: CommunityFacts): Promise<Account> {
  const account = await lockUser(tx, id);
  if (account === undefined || account.removedAt !== null || !sees(actor, account, facts))
    throw new NotFound('user', id);
  return account;
}

/** A token of the provider's that covers some tenancies knows the people of the organisations that have no others. */
function sees(actor: Actor, { organisation }: Pick<Account, 'organisation'>, facts: CommunityFacts): boolean {
  if (actor.ofProvider) return true;
  if (!isOfProvider(actor.organisation === '' ? null : actor.organisation, facts))
    return organisation === actor.organisation;
  const reached = visibleTenancies({ organisation, tenancies: [] }, facts);
  return reached.length > 0 && beyond(actor, reached).length === 0;
}

function beyond(actor: Actor, tenancies: ReturnType<typeof visibleTenancies>): string[] {
  const covered = new Set<string>(actor.scopeOrNone?.tenancies ?? []);
  return tenancies.map(({ id }) => id).filter((id) => !covered.has(id));
}

function organisationFor(given: string, facts: CommunityFacts): string | null {
  if (given === '' && facts.provider === null) return null;
  if (!facts.organisations.has(given)) throw new NotFound('organisation', given);
  return given;
}

type Grant = {
  readonly organisation: string | null;
  readonly roles: readonly Role[];
  readonly tenancies: readonly string[];
};

function checkGrant(actor: Actor, grant: Grant, facts: CommunityFacts): void {
  const ofProvider = isOfProvider(grant.organisation, facts);
  const wrong = ofProvider ? [] : grant.roles.filter((role) => !rolesOutsideProvider.includes(role));
  if (wrong.length > 0)
    throw new Invalid(`Only the provider's people can be ${wrong.join(', ')}.`, { roles: wrong });
  const reachable = new Set(visibleTenancies({ ...grant, tenancies: [] }, facts).map(({ id }) => id));
  const foreign = grant.tenancies.filter((id) => !reachable.has(id));
  if (foreign.length > 0)
    throw new Invalid(`The organisation does not have the tenancy ${foreign.join(', ')}.`, {
      tenancies: foreign,
    });
  checkOwn(actor, grant, facts);
}

/** What an account may do, its manager must be allowed to do; what it sees, its manager must see. */
function checkOwn(actor: Actor, grant: Grant, facts: CommunityFacts): void {
  const held = permissionsFor(grant.roles, isOfProvider(grant.organisation, facts));
  const missing = [...held].filter((permission) => !actor.permissions.has(permission));
  if (missing.length > 0) throw new MoreThanOwn(missing);
  if (beyond(actor, visibleTenancies(grant, facts)).length > 0)
    throw new MoreThanOwn(['tenancies that you do not cover']);
}

/** With nobody enrolled yet, the link that is printed at the start still makes one. */
export async function administratorLeft(tx: Tx): Promise<boolean> {
  const active = (await allUsers(tx, undefined)).filter((account) => account.state === 'active');
  return (
    active.length === 0 ||
    active.some((account) => !account.barred && account.roles.includes('administrator'))
  );
}
