import { Invalid, NotAllowed, NotFound } from '#platform/errors';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import type { Actor } from './actor.ts';
import type { ApiToken, newApiToken } from './contract.ts';
import { type IdentityDeps, later, secretBytes } from './deps.ts';
import { MoreThanOwn } from './errors.ts';
import { wholeSystem } from './permissions.ts';
import { secretHash } from './session.ts';
import {
  insertToken,
  liveTokens,
  revokeToken,
  shownToken,
  type StoredToken,
  tokenById,
} from './store-tokens.ts';

const access = systemAccess('manage tokens');
export const tokenPrefix = 'ibt_';
/** This machine's administrator: a person whom the operating system vouches for, without an account. */
export const localId = 'local';
const daySeconds = 24 * 60 * 60;

/** Administrators see everybody's, others their own. */
export async function listTokens(deps: IdentityDeps, actor: Actor): Promise<ApiToken[]> {
  const owner = seesAll(actor) ? undefined : actor.id;
  const tokens = await deps.records.transaction(access, (tx) => liveTokens(tx, owner));
  return tokens.map(shownToken);
}

/**
 * A token never may more, nor sees more, than its owner: not when it is made, and not when the owner is given less later.
 * @returns the secret, which is nowhere else
 * @throws {MoreThanOwn} {Invalid} {NotAllowed} for a token that would make tokens
 */
export function createToken(
  deps: IdentityDeps,
  actor: Actor,
  given: z.infer<typeof newApiToken>,
): Promise<{ token: ApiToken; secret: string }> {
  if (actor.kind === 'token') throw new NotAllowed('token.manage in person');
  const missing = given.permissions.filter((permission) => !actor.permissions.has(permission));
  if (missing.length > 0) throw new MoreThanOwn(missing);
  const visible = new Set<string>(actor.scopeOrNone?.tenancies ?? []);
  const foreign = given.tenancies.filter((id) => !visible.has(id));
  if (foreign.length > 0)
    throw new Invalid(`Your account does not cover ${foreign.join(', ')}.`, { tenancies: foreign });
  const undivided = given.permissions.filter((permission) => wholeSystem.has(permission));
  if (given.tenancies.length > 0 && undivided.length > 0)
    throw new Invalid(
      `${undivided.join(', ')} covers the whole system, not some tenancies. Leave it out, or make the token without tenancies.`,
      { permissions: undivided },
    );
  return deps.records.transaction(access, async (tx) => {
    const now = deps.clock.now();
    const secret = `${tokenPrefix}${deps.ids.secret(secretBytes)}`;
    const token: StoredToken = {
      id: deps.ids.uuid(),
      name: given.name,
      ownerId: actor.id === localId ? null : actor.id,
      permissions: [...new Set(given.permissions)],
      tenancies: given.tenancies,
      createdAt: now,
      expiresAt: later(now, given.days * daySeconds),
      lastUsedAt: null,
      revokedAt: null,
    };
    await insertToken(tx, { ...token, secretHash: secretHash(secret) });
    await deps.ledger.record(tx, {
      actor,
      action: 'token.made',
      subject: `token/${token.id}`,
      facts: {
        name: token.name,
        permissions: token.permissions,
        tenancies: token.tenancies,
        expiresAt: token.expiresAt.toISOString(),
      },
    });
    return { token: shownToken(token), secret };
  });
}

/** @throws {NotFound} */
export function removeToken(deps: IdentityDeps, actor: Actor, id: string): Promise<void> {
  return deps.records.transaction(access, async (tx) => {
    const token = await tokenById(tx, id);
    const own = token !== undefined && token.ownerId === actor.id;
    if (token === undefined || token.revokedAt !== null || !(own || seesAll(actor)))
      throw new NotFound('token', id);
    await revokeToken(tx, id, deps.clock.now());
    await deps.ledger.record(tx, {
      actor,
      action: 'token.revoked',
      subject: `token/${id}`,
      facts: { name: token.name },
    });
  });
}

const seesAll = (actor: Actor): boolean => actor.ofProvider && actor.permissions.has('user.manage');
