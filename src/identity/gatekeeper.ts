import { timingSafeEqual } from 'node:crypto';
import type { Admission, Gatekeeper } from '#platform/http';
import type { Tx } from '#platform/records';
import { narrow, systemAccess, tenancyId } from '#platform/scope';
import { type Actor, actorOf } from './actor.ts';
import type { IdentityDeps } from './deps.ts';
import { isOfProvider, permissionsIn, scopeFor } from './directory.ts';
import { everyPermission, wholeSystem } from './permissions.ts';
import { csrfTokenOf, isOver, secretHash, seenLongAgo } from './session.ts';
import { actorFor } from './sessions.ts';
import { dropSession, sessionOf, touchSession } from './store-sessions.ts';
import { noteTokenUse, type StoredToken, tokenByHash } from './store-tokens.ts';
import { userById } from './store-users.ts';
import { localId, tokenPrefix } from './tokens.ts';
import { mayUse } from './user.ts';

const access = systemAccess('tell who calls');
const tokenSeenSeconds = 60;

/** Whoever can read the data folder is this machine's administrator; so is who shows the secret that lies there. */
export type LocalAdministrator = { readonly secret: string; readonly name: string };

/** Turns what a request carries into the actor it is done as. Asked for each request: what is taken away is gone at once. */
export function createGatekeeper(deps: IdentityDeps, local?: LocalAdministrator): Gatekeeper {
  return {
    admit: ({ kind, secret }, { touch, remoteAddress }) =>
      deps.records.transaction(access, async (tx) => {
        if (kind === 'session') return admitSession(deps, tx, secret, touch);
        if (secret.startsWith(tokenPrefix)) return admitToken(deps, tx, secret);
        if (local !== undefined && isLoopback(remoteAddress) && isSame(secret, local.secret))
          return inFull(await localActor(deps, tx, local));
        return undefined;
      }),
  };
}

const inFull = (actor: Actor): Admission => ({ actor, standing: 'full', csrfToken: null });

async function admitSession(
  deps: IdentityDeps,
  tx: Tx,
  secret: string,
  touch: boolean,
): Promise<Admission | undefined> {
  const now = deps.clock.now();
  const hash = secretHash(secret);
  const session = await sessionOf(tx, hash);
  if (session === undefined) return undefined;
  const account = await userById(tx, session.userId);
  if (isOver(session, now) || account === undefined || account.barred) {
    await dropSession(tx, hash);
    return undefined;
  }
  if (session.standing === 'full' && !mayUse(account)) return undefined;
  if (touch && seenLongAgo(session, now)) await touchSession(tx, hash, now);
  const actor = actorFor(account, session, await deps.directory.facts(tx));
  return { actor, standing: session.standing, csrfToken: csrfTokenOf(secret) };
}

async function admitToken(deps: IdentityDeps, tx: Tx, secret: string): Promise<Admission | undefined> {
  const now = deps.clock.now();
  const token = await tokenByHash(tx, secretHash(secret));
  if (token === undefined || token.revokedAt !== null || token.expiresAt <= now) return undefined;
  const actor = await tokenActor(deps, tx, token);
  if (actor === undefined) return undefined;
  const seen = token.lastUsedAt?.getTime() ?? 0;
  if (now.getTime() - seen >= tokenSeenSeconds * 1000) await noteTokenUse(tx, token.id, now);
  return inFull(actor);
}

/** What the token was given, as far as its owner still has it. */
async function tokenActor(deps: IdentityDeps, tx: Tx, token: StoredToken): Promise<Actor | undefined> {
  const facts = await deps.directory.facts(tx);
  const owner = token.ownerId === null ? machine : await userById(tx, token.ownerId);
  if (owner === undefined || !mayUse(owner)) return undefined;
  const ofProvider = isOfProvider(owner.organisation, facts);
  const allowed = permissionsIn(owner, facts);
  const scope = scopeFor(owner, facts);
  const wanted = token.tenancies.map(tenancyId);
  return actorOf({
    kind: 'token',
    id: token.id,
    name: token.name,
    userId: token.ownerId ?? undefined,
    organisation: owner.organisation ?? '',
    // A token for some tenancies sees nothing of the others, in the ledger and the community either.
    ofProvider: ofProvider && wanted.length === 0,
    roles: [],
    permissions: new Set(
      token.permissions.filter(
        (permission) => allowed.has(permission) && !(wanted.length > 0 && wholeSystem.has(permission)),
      ),
    ),
    scopeOrNone: scope && wanted.length > 0 ? narrow(scope, wanted) : scope,
  });
}

/** Owns the tokens made on the command line of the machine. */
const machine = {
  organisation: null,
  roles: ['administrator'],
  tenancies: [],
  state: 'active',
  barred: false,
} as const;

async function localActor(deps: IdentityDeps, tx: Tx, local: LocalAdministrator): Promise<Actor> {
  const facts = await deps.directory.facts(tx);
  return actorOf({
    kind: 'user',
    id: localId,
    name: local.name,
    userId: localId,
    organisation: facts.provider?.id ?? '',
    ofProvider: true,
    roles: ['administrator'],
    permissions: new Set(everyPermission),
    scopeOrNone: scopeFor(machine, facts),
  });
}

const isLoopback = (address: string): boolean => /^(127\.|::1$|::ffff:127\.)/.test(address);

function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(secretHash(given), secretHash(expected));
}
