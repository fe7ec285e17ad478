import { Conflict, Invalid } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import type { firstSignIn as firstSignInInput } from './contract.ts';
import { type IdentityDeps, later, secretBytes, userActor } from './deps.ts';
import { LinkRefused, WrongCode } from './errors.ts';
import { secretHash } from './session.ts';
import { type Opened, openSession } from './sessions.ts';
import { dropPasskeysOf, dropSession, dropSessionsOf, sessionOf } from './store-sessions.ts';
import {
  activate,
  adoptStrays,
  anybodyActive,
  bindInvitation,
  dropInvitation,
  dropUnfinishedFounders,
  type Invitation,
  insertUser,
  invitationOf,
  lockUser,
  lockUserByEmail,
  noteSignIn,
  replaceInvitation,
  startEnrolment,
  userById,
  useTotpStep,
} from './store-users.ts';
import { newTotpSecret, otpauthUrl, totpStep } from './totp.ts';
import type { Account } from './user.ts';

const access = systemAccess('enrol a user');
/** The first administrator's link is new at each start; others have a few days. */
const linkSeconds = 7 * 24 * 60 * 60;

export const linkTo = (origin: string, token: string): string => `${origin}/first-sign-in?token=${token}`;

/**
 * For the start of the program: a fresh link that makes the first administrator, as long as there is none who can
 * sign in. Links printed before are good no more.
 * @returns undefined when somebody can sign in
 */
export function firstLink(deps: IdentityDeps): Promise<string | undefined> {
  return deps.records.transaction(access, async (tx) => {
    if (await anybodyActive(tx)) return undefined;
    await dropUnfinishedFounders(tx);
    return newLink(deps, tx, null);
  });
}

/** @returns the address to hand over; at rest there is only its token's hash */
export async function newLink(deps: IdentityDeps, tx: Tx, userId: string | null): Promise<string> {
  const token = deps.ids.secret(secretBytes);
  const now = deps.clock.now();
  await replaceInvitation(tx, {
    tokenHash: secretHash(token),
    userId,
    now,
    expiresAt: later(now, linkSeconds),
  });
  return linkTo(deps.origin, token);
}

export type Enrolling = Opened & { readonly totpSecret: string; readonly otpauthUrl: string };

/**
 * Sets the password that a link allows to set, and begins the second factor. The link stays good until the second
 * factor is confirmed: who closes the page half-way begins again.
 * @throws {LinkRefused} {Invalid} {Conflict} {Busy}
 */
export async function firstSignIn(
  deps: IdentityDeps,
  given: z.infer<typeof firstSignInInput>,
): Promise<Enrolling> {
  const tokenHash = secretHash(given.token);
  // Checked before the costly part, so that strangers can't make us hash.
  await deps.records.transaction(access, (tx) => goodInvitation(deps, tx, tokenHash));
  const passwordHash = await deps.passwords.hash(given.password);
  const totpSecret = newTotpSecret();
  return deps.records.transaction(access, async (tx) => {
    const invitation = await goodInvitation(deps, tx, tokenHash);
    const account = await invitedAccount(deps, tx, tokenHash, invitation, given);
    await startEnrolment(tx, account.id, {
      name: given.name,
      email: given.email,
      passwordHash,
      totpSealed: deps.sealer.seal(totpSecret, account.id),
    });
    // Who comes with a link starts anew: whatever opened the account before does so no more.
    await dropSessionsOf(tx, account.id);
    await dropPasskeysOf(tx, account.id);
    const started = await userById(tx, account.id);
    if (started === undefined) throw new LinkRefused();
    const opened = await openSession(deps, tx, started, {
      method: 'password and code',
      invitationHash: tokenHash,
    });
    await deps.ledger.record(tx, {
      actor: userActor(started),
      action: 'user.enrolment-started',
      subject: `user/${started.id}`,
      facts: { roles: started.roles },
    });
    return { ...opened, totpSecret, otpauthUrl: otpauthUrl(totpSecret, started.email) };
  });
}

async function goodInvitation(deps: IdentityDeps, tx: Tx, tokenHash: Buffer): Promise<Invitation> {
  const invitation = await invitationOf(tx, tokenHash);
  if (invitation === undefined || invitation.expiresAt <= deps.clock.now()) throw new LinkRefused();
  return invitation;
}

async function invitedAccount(
  deps: IdentityDeps,
  tx: Tx,
  tokenHash: Buffer,
  invitation: Invitation,
  given: { name: string; email: string },
): Promise<{ id: string }> {
  const sameEmail = await lockUserByEmail(tx, given.email);
  if (invitation.userId !== null) {
    const invited = await lockUser(tx, invitation.userId);
    if (invited === undefined || invited.barred) throw new LinkRefused();
    // The first administrator says who that is, and may say it again.
    if (invited.organisation === null && invited.state !== 'active' && sameEmail === undefined)
      return invited;
    if (sameEmail?.id !== invited.id)
      throw new Invalid('This link was made for another e-mail address. Type the one the link was sent to.');
    return invited;
  }
  if (await anybodyActive(tx)) throw new LinkRefused();
  if (sameEmail !== undefined) throw new Conflict('There is an account with this e-mail address already.');
  const founder = {
    id: deps.ids.uuid(),
    organisation: null,
    roles: ['administrator'] as const,
    tenancies: [],
  };
  await insertUser(tx, { ...founder, name: given.name, email: given.email }, deps.clock.now());
  await bindInvitation(tx, tokenHash, founder.id);
  return founder;
}

/**
 * The authenticator works: the account does too.
 * @param sessionSecret of the enrolling session; the session that comes back takes its place
 * @throws {WrongCode} {LinkRefused} when the link was replaced in the meantime
 */
export function confirmTotp(deps: IdentityDeps, sessionSecret: string, code: string): Promise<Opened> {
  return deps.records.transaction(access, async (tx) => {
    const account = await enrollingAccount(tx, sessionSecret);
    if (account.totpSealed === null) throw new WrongCode();
    const step = totpStep(deps.sealer.open(account.totpSealed, account.id), code, deps.clock.now());
    if (step === undefined || !(await useTotpStep(tx, account.id, step))) throw new WrongCode();
    return finishEnrolment(deps, tx, account, sessionSecret, 'code');
  });
}

/** Uses up the link, and opens the full session. */
export async function finishEnrolment(
  deps: IdentityDeps,
  tx: Tx,
  account: Account,
  sessionSecret: string,
  secondFactor: 'code' | 'passkey',
): Promise<Opened> {
  const hash = secretHash(sessionSecret);
  const session = await sessionOf(tx, hash);
  const invitation = session?.invitationHash && (await invitationOf(tx, session.invitationHash));
  if (!session?.invitationHash || !invitation || invitation.userId !== account.id) throw new LinkRefused();
  await dropInvitation(tx, session.invitationHash);
  await dropSession(tx, hash);
  await activate(tx, account.id);
  const { provider } = await deps.directory.facts(tx);
  if (provider !== null) await adoptStrays(tx, provider.id);
  await noteSignIn(tx, account.id, deps.clock.now());
  const opened = await openSession(
    deps,
    tx,
    { ...account, state: 'active' },
    {
      method: secondFactor === 'passkey' ? 'passkey' : 'password and code',
    },
  );
  await deps.ledger.record(tx, {
    actor: userActor(account),
    action: 'user.enrolled',
    subject: `user/${account.id}`,
    facts: { secondFactor },
  });
  return opened;
}

async function enrollingAccount(tx: Tx, sessionSecret: string): Promise<Account> {
  const session = await sessionOf(tx, secretHash(sessionSecret));
  const account = session && (await lockUser(tx, session.userId));
  if (account?.state !== 'enrolling') throw new Conflict('This account has its second factor already.');
  return account;
}
