import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { systemAccess } from '#platform/scope';
import type { IdentityDeps } from '../deps.ts';
import { userActor } from '../deps.ts';
import { IssuerRefused, IssuerUnreachable } from '../errors.ts';
import { dropSessionsBy } from '../store-sessions.ts';
import { lockUser } from '../store-users.ts';
import type { IssuerClients } from './clients.ts';
import { enabledIssuer } from './sign-in.ts';
import { type StoredIssuer, userOfSubject } from './store.ts';

const access = systemAccess('back-channel logout');
const event = 'http://schemas.openid.net/event/backchannel-logout';
const tokenSeconds = 120;
const timeoutMilliseconds = 5000;

/**
 * The issuer says that somebody signed out there: their sessions that came from it end here.
 * Ending twice does no harm, so a token may be shown again within its two minutes.
 * @throws {IssuerRefused} {IssuerUnreachable} {NotFound}
 * @see OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6
 */
export async function endFromIssuer(
  deps: IdentityDeps,
  clients: IssuerClients,
  id: string,
  token: string,
): Promise<void> {
  const issuer = await enabledIssuer(deps, id);
  const { jwks_uri: address, issuer: name } = (await clients.of(issuer)).serverMetadata();
  if (address === undefined) throw new IssuerUnreachable(issuer.name);
  const keys = await keysAt(issuer, address);
  const subject = await subjectOf(issuer, async () => {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer: name,
      audience: issuer.clientId,
      algorithms: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'],
      requiredClaims: ['iat', 'jti', 'sub', 'events'],
      maxTokenAge: tokenSeconds,
      currentDate: deps.clock.now(),
    });
    const events: unknown = payload['events'];
    const isLogout = typeof events === 'object' && events !== null && event in events;
    return isLogout && payload['nonce'] === undefined ? payload.sub : undefined;
  });
  await deps.records.transaction(access, async (tx) => {
    const userId = await userOfSubject(tx, issuer.id, subject);
    const account = userId === undefined ? undefined : await lockUser(tx, userId);
    if (account === undefined) return;
    await dropSessionsBy(tx, account.id, 'issuer');
    await deps.ledger.record(tx, {
      actor: userActor(account),
      action: 'session.closed',
      subject: `user/${account.id}`,
      facts: { by: 'issuer', issuer: issuer.id },
    });
  });
}

async function keysAt(issuer: StoredIssuer, address: string): Promise<JSONWebKeySet> {
  try {
    const answer = await fetch(address, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    // createLocalJWKSet checks its shape.
    return (await answer.json()) as JSONWebKeySet;
  } catch (error) {
    throw new IssuerUnreachable(issuer.name, error);
  }
}

async function subjectOf(issuer: StoredIssuer, check: () => Promise<string | undefined>): Promise<string> {
  const why = 'the logout token does not hold';
  const subject = await check().catch((error: unknown) => {
    throw new IssuerRefused(issuer.name, why, error);
  });
  if (subject === undefined) throw new IssuerRefused(issuer.name, why);
  return subject;
}
