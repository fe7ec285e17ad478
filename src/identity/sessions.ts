import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { Actor } from './actor.ts';
import { actorOf } from './actor.ts';
import type { Session, SignInMethod } from './contract.ts';
import { type IdentityDeps, later, secretBytes } from './deps.ts';
import {
  type CommunityFacts,
  isOfProvider,
  permissionsIn,
  scopeFor,
  servicedTenancies,
} from './directory.ts';
import {
  csrfTokenOf,
  enrollingSeconds,
  idleExpiry,
  longestSeconds,
  secretHash,
  type SessionTimes,
} from './session.ts';
import { dropSession, insertSession, passkeysOf, sessionOf, type StoredSession } from './store-sessions.ts';
import { userById } from './store-users.ts';
import type { Account } from './user.ts';

/** A session just opened: the secret goes into the cookie and is nowhere else. */
export type Opened = { readonly secret: string; readonly session: Session };

export async function openSession(
  deps: IdentityDeps,
  tx: Tx,
  account: Account,
  how: { readonly method: SignInMethod; readonly seconds?: number; readonly invitationHash?: Buffer },
): Promise<Opened> {
  const now = deps.clock.now();
  const secret = deps.ids.secret(secretBytes);
  const enrolling = how.invitationHash !== undefined;
  const expiresAt = later(now, how.seconds ?? (enrolling ? enrollingSeconds : longestSeconds));
  await insertSession(tx, {
    secretHash: secretHash(secret),
    userId: account.id,
    standing: enrolling ? 'enrolling' : 'full',
    invitationHash: how.invitationHash ?? null,
    method: how.method,
    now,
    expiresAt,
  });
  return {
    secret,
    session: await viewOf(deps, tx, account, secret, { lastSeenAt: now, expiresAt, method: how.method }),
  };
}

/** GET /api/session: undefined when the session is over in the meantime. */
export function currentSession(deps: IdentityDeps, secret: string): Promise<Session | undefined> {
  return deps.records.transaction(systemAccess('show the session'), async (tx) => {
    const stored = await sessionOf(tx, secretHash(secret));
    const account = stored && (await userById(tx, stored.userId));
    return stored && account && viewOf(deps, tx, account, secret, stored);
  });
}

export async function signOut(deps: IdentityDeps, actor: Actor, secret: string): Promise<void> {
  await deps.records.transaction(systemAccess('sign out'), async (tx) => {
    await dropSession(tx, secretHash(secret));
    await deps.ledger.record(tx, { actor, action: 'session.closed', subject: `user/${actor.id}`, facts: {} });
  });
}

export function actorFor(
  account: Account,
  session: Pick<StoredSession, 'standing' | 'method' | 'createdAt'>,
  facts: CommunityFacts,
): Actor {
  const ofProvider = isOfProvider(account.organisation, facts);
  const full = session.standing === 'full';
  return actorOf({
    kind: 'user',
    id: account.id,
    userId: account.id,
    name: account.name,
    organisation: account.organisation ?? '',
    ofProvider,
    roles: full ? account.roles : [],
    permissions: full ? permissionsIn(account, facts) : new Set(),
    scopeOrNone: full ? scopeFor(account, facts) : undefined,
    signIn: full ? { at: session.createdAt, method: session.method } : undefined,
  });
}

async function viewOf(
  deps: IdentityDeps,
  tx: Tx,
  account: Account,
  secret: string,
  times: SessionTimes & { readonly method: SignInMethod },
): Promise<Session> {
  const facts = await deps.directory.facts(tx);
  const enrolled = account.state === 'active';
  return {
    user: { id: account.id, name: account.name, email: account.email },
    roles: [...account.roles],
    permissions: enrolled ? [...permissionsIn(account, facts)] : [],
    tenancies: enrolled ? servicedTenancies(account, facts) : [],
    csrfToken: csrfTokenOf(secret),
    idleExpiresAt: idleExpiry(times).toISOString(),
    expiresAt: times.expiresAt.toISOString(),
    signedInWith: times.method,
    hasPasskey: (await passkeysOf(tx, account.id)).length > 0,
    demo: facts.demo,
  };
}
