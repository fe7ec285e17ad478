import * as oidc from 'openid-client';
import { Busy, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { type IdentityDeps, later, secretBytes, userActor } from '../deps.ts';
import { IssuerRefused } from '../errors.ts';
import { isLocked } from '../lock.ts';
import { secretHash } from '../session.ts';
import { type Opened, openSession } from '../sessions.ts';
import { activate, lockUser, lockUserByEmail, noteSignIn } from '../store-users.ts';
import type { Account } from '../user.ts';
import type { IssuerClients } from './clients.ts';
import { callbackUri } from './issuers.ts';
import {
  insertAttempt,
  issuerById,
  linkSubject,
  type StoredIssuer,
  takeAttempt,
  userOfSubject,
} from './store.ts';

const access = systemAccess('sign in with an issuer');
const attemptSeconds = 10 * 60;
/** Anybody may begin: there is room for this many at a time. */
const maxOpenAttempts = 10_000;

/**
 * Sends the browser to the issuer: code flow with PKCE, state and nonce.
 * @returns where to, and the secret that binds the attempt to this browser (a cookie)
 * @throws {NotFound} {IssuerUnreachable} {Busy}
 * @see RFC 9700, 2.1.1
 */
export async function beginSignIn(
  deps: IdentityDeps,
  clients: IssuerClients,
  id: string,
): Promise<{ to: URL; browser: string }> {
  const issuer = await enabledIssuer(deps, id);
  const config = await clients.of(issuer);
  const state = oidc.randomState();
  const nonce = oidc.randomNonce();
  const verifier = oidc.randomPKCECodeVerifier();
  const browser = deps.ids.secret(secretBytes);
  const now = deps.clock.now();
  await deps.records.transaction(access, async (tx) => {
    const open = await insertAttempt(
      tx,
      {
        stateHash: secretHash(state),
        issuer: id,
        browserHash: secretHash(browser),
        verifierSealed: deps.sealer.seal(verifier, state),
        nonce,
        expiresAt: later(now, attemptSeconds),
      },
      now,
    );
    if (open > maxOpenAttempts) throw new Busy('Too many sign-ins were begun.', 60);
  });
  const to = oidc.buildAuthorizationUrl(config, {
    redirect_uri: callbackUri(deps.origin, id),
    scope: 'openid email profile',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  });
  return { to, browser };
}

/** The browser, back from the issuer: with the address's query as it came, and the cookie of the attempt. */
type Return = { readonly issuer: string; readonly query: string; readonly browser: string | undefined };

/**
 * The browser is back with a code. Nobody is let in who has no account here: the issuer says who somebody is, and
 * Ironbark what they may do.
 *
 * @throws {IssuerRefused} with one answer for whatever is wrong; the cause is in the log
 */
export async function finishSignIn(
  deps: IdentityDeps,
  clients: IssuerClients,
  { issuer: id, query, browser }: Return,
): Promise<Opened> {
  const issuer = await enabledIssuer(deps, id);
  const given = new URL(`${callbackUri(deps.origin, id)}${query}`);
  const state = given.searchParams.get('state') ?? '';
  const attempt = await deps.records.transaction(access, (tx) => takeAttempt(tx, secretHash(state)));
  if (
    attempt === undefined ||
    browser === undefined ||
    attempt.issuer !== id ||
    attempt.expiresAt <= deps.clock.now() ||
    !attempt.browserHash.equals(secretHash(browser))
  )
    throw new IssuerRefused(issuer.name, 'the sign-in was not begun in this browser, or it ran out');
  const config = await clients.of(issuer);
  const claims = await claimsOf(issuer, config, () =>
    oidc.authorizationCodeGrant(config, given, {
      expectedState: state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: deps.sealer.open(attempt.verifierSealed, state),
      idTokenExpected: true,
    }),
  );
  if (!isStrong(issuer, claims))
    throw new IssuerRefused(issuer.name, 'it did not say that two factors were checked');
  return deps.records.transaction(access, (tx) => open(deps, tx, issuer, claims));
}

type Claims = oidc.IDToken & { readonly email?: unknown; readonly email_verified?: unknown };

/** Many issuers keep the e-mail address for the user-info endpoint. */
async function claimsOf(
  issuer: StoredIssuer,
  config: oidc.Configuration,
  exchange: () => ReturnType<typeof oidc.authorizationCodeGrant>,
): Promise<Claims> {
  try {
    const tokens = await exchange();
    const claims = tokens.claims();
    if (claims === undefined) throw new Error('no ID token');
    if ('email' in claims || config.serverMetadata().userinfo_endpoint === undefined) return claims;
    const { email, email_verified } = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
    return { ...claims, email, email_verified };
  } catch (error) {
    throw new IssuerRefused(issuer.name, 'its answer does not hold', error);
  }
}

/** SOURCE: RFC 8176 (amr), OpenID Connect Core 1.0 section 2 (acr). */
function isStrong(issuer: StoredIssuer, claims: Claims): boolean {
  const amr: unknown = claims.amr;
  const said = [claims.acr, ...(Array.isArray(amr) ? (amr as unknown[]) : [])];
  return said.some((value) => typeof value === 'string' && issuer.strong.includes(value));
}

async function open(deps: IdentityDeps, tx: Tx, issuer: StoredIssuer, claims: Claims): Promise<Opened> {
  const now = deps.clock.now();
  const account = await accountFor(deps, tx, issuer, claims, now);
  if (account.barred || account.removedAt !== null || isLocked(account, now))
    throw new IssuerRefused(issuer.name, 'the account here is locked');
  if (account.state !== 'active') await activate(tx, account.id);
  await noteSignIn(tx, account.id, now);
  const opened = await openSession(deps, tx, { ...account, state: 'active' }, { method: 'issuer' });
  await deps.ledger.record(tx, {
    actor: userActor(account),
    action: 'session.opened',
    subject: `user/${account.id}`,
    facts: { with: 'issuer', issuer: issuer.id },
  });
  return opened;
}

/** By the subject; the first time by the e-mail address that the issuer has verified, within its organisation. */
async function accountFor(
  deps: IdentityDeps,
  tx: Tx,
  issuer: StoredIssuer,
  claims: Claims,
  now: Date,
): Promise<Account> {
  const linked = await userOfSubject(tx, issuer.id, claims.sub);
  if (linked !== undefined) {
    const account = await lockUser(tx, linked);
    if (account?.organisation !== issuer.organisation)
      throw new IssuerRefused(issuer.name, 'the account here is gone');
    return account;
  }
  const email = claims.email_verified === true ? claims.email : undefined;
  const account = typeof email === 'string' ? await lockUserByEmail(tx, email) : undefined;
  if (account?.organisation !== issuer.organisation)
    throw new IssuerRefused(issuer.name, 'there is no account here for this person');
  if (!(await linkSubject(tx, { issuer: issuer.id, subject: claims.sub, userId: account.id }, now)))
    throw new IssuerRefused(issuer.name, 'the account here belongs to another person there');
  await deps.ledger.record(tx, {
    actor: userActor(account),
    action: 'user.linked',
    subject: `user/${account.id}`,
    facts: { issuer: issuer.id },
  });
  return account;
}

export async function enabledIssuer(deps: IdentityDeps, id: string): Promise<StoredIssuer> {
  const issuer = await deps.records.transaction(access, (tx) => issuerById(tx, id));
  if (issuer?.enabled !== true) throw new NotFound('issuer', id);
  return issuer;
}
