import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { AppError, Busy, NotSignedIn } from '#platform/errors';
import { systemAccess } from '#platform/scope';
import type { PasskeyAnswer } from './contract.ts';
import { type IdentityDeps, later, userActor } from './deps.ts';
import { finishEnrolment } from './enrolment.ts';
import { PasskeyRefused, SignInRefused } from './errors.ts';
import { isLocked } from './lock.ts';
import { secretHash } from './session.ts';
import { type Opened, openSession } from './sessions.ts';
import {
  type ChallengePurpose,
  insertChallenge,
  insertPasskey,
  notePasskeyUse,
  openChallenges,
  passkeyOf,
  passkeysOf,
  type StoredPasskey,
  sessionOf,
  takeChallenge,
} from './store-sessions.ts';
import { lockUser, noteSignIn, userById } from './store-users.ts';
import { type Account, mayUse } from './user.ts';

const access = systemAccess('passkeys');
const challengeSeconds = 5 * 60;
/** Anybody may ask for a challenge: there is room for this many at a time. */
const maxOpenChallenges = 10_000;

/** ES256 and RS256: what every authenticator has, and ASD approves (ISM-0471). SOURCE: IANA COSE Algorithms. */
const algorithms = [-7, -257];

export const rpIdOf = (origin: string): string => new URL(origin).hostname;

/** For navigator.credentials.create(). @param sessionSecret of a full or an enrolling session */
export async function registrationOptions(deps: IdentityDeps, sessionSecret: string) {
  const { account, passkeys } = await holder(deps, sessionSecret);
  const options = await generateRegistrationOptions({
    rpName: 'Ironbark',
    rpID: rpIdOf(deps.origin),
    userName: account.email,
    userDisplayName: account.name,
    userID: new TextEncoder().encode(account.id),
    attestationType: 'none',
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: passkeys.map(({ credentialId }) => ({ id: credentialId })),
    // Found by the authenticator without a name, and opened by its owner: two factors in one.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  await keepChallenge(deps, options.challenge, 'register', account.id);
  return options;
}

/**
 * @returns the session: a new one when the passkey completes an enrolment, with no secret when it is the same as before
 * @throws {PasskeyRefused} {NotSignedIn}
 */
export async function registerPasskey(
  deps: IdentityDeps,
  sessionSecret: string,
  answer: PasskeyAnswer,
): Promise<Opened | undefined> {
  const { account } = await holder(deps, sessionSecret);
  const verified = await refusedAs(PasskeyRefused, () =>
    verifyRegistrationResponse({
      // The library checks every part it reads.
      response: answer as unknown as RegistrationResponseJSON,
      expectedChallenge: (challenge) => challengeIsOurs(deps, challenge, 'register', account.id),
      expectedOrigin: deps.origin,
      expectedRPID: rpIdOf(deps.origin),
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    }),
  );
  if (!verified.verified) throw new PasskeyRefused();
  const { credential } = verified.registrationInfo;
  return deps.records.transaction(access, async (tx) => {
    const current = await lockUser(tx, account.id);
    if (current === undefined || current.barred) throw new NotSignedIn();
    const passkey = {
      credentialId: credential.id,
      userId: current.id,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: credential.transports ?? [],
    };
    if (!(await insertPasskey(tx, passkey, deps.clock.now()))) throw new PasskeyRefused();
    const opened =
      current.state === 'enrolling'
        ? await finishEnrolment(deps, tx, current, sessionSecret, 'passkey')
        : undefined;
    await deps.ledger.record(tx, {
      actor: userActor(current),
      action: 'user.passkey-added',
      subject: `user/${current.id}`,
      facts: { credential: credential.id },
    });
    return opened;
  });
}

/** For navigator.credentials.get(): the authenticator finds the account by itself. */
export async function signInOptions(deps: IdentityDeps) {
  const options = await generateAuthenticationOptions({
    rpID: rpIdOf(deps.origin),
    userVerification: 'required',
  });
  await keepChallenge(deps, options.challenge, 'sign-in', null);
  return options;
}

/** @throws {SignInRefused} */
export async function signInWithPasskey(deps: IdentityDeps, answer: PasskeyAnswer): Promise<Opened> {
  const passkey = await deps.records.transaction(access, (tx) => passkeyOf(tx, answer.id));
  if (passkey === undefined) throw new SignInRefused();
  const verified = await refusedAs(SignInRefused, () =>
    verifyAuthenticationResponse({
      // The library checks every part it reads.
      response: answer as unknown as AuthenticationResponseJSON,
      expectedChallenge: (challenge) => challengeIsOurs(deps, challenge, 'sign-in', null),
      expectedOrigin: deps.origin,
      expectedRPID: rpIdOf(deps.origin),
      credential: {
        id: passkey.credentialId,
        publicKey: new Uint8Array(passkey.publicKey),
        counter: passkey.counter,
      },
      requireUserVerification: true,
    }),
  );
  if (!verified.verified) throw new SignInRefused();
  return openWith(deps, passkey, verified.authenticationInfo.newCounter);
}

function openWith(deps: IdentityDeps, passkey: StoredPasskey, counter: number): Promise<Opened> {
  return deps.records.transaction(access, async (tx) => {
    const now = deps.clock.now();
    const account = await lockUser(tx, passkey.userId);
    // A lock that guessing a password brought about holds for every way in.
    if (account === undefined || !mayUse(account) || isLocked(account, now)) throw new SignInRefused();
    await notePasskeyUse(tx, passkey.credentialId, counter, now);
    await noteSignIn(tx, account.id, now);
    const opened = await openSession(deps, tx, account, { method: 'passkey' });
    await deps.ledger.record(tx, {
      actor: userActor(account),
      action: 'session.opened',
      subject: `user/${account.id}`,
      facts: { with: 'passkey' },
    });
    return opened;
  });
}

/** Who holds a session, and their passkeys. */
function holder(
  deps: IdentityDeps,
  secret: string,
): Promise<{ account: Account; passkeys: StoredPasskey[] }> {
  return deps.records.transaction(access, async (tx) => {
    const session = await sessionOf(tx, secretHash(secret));
    const account = session && (await userById(tx, session.userId));
    if (account === undefined) throw new NotSignedIn();
    return { account, passkeys: await passkeysOf(tx, account.id) };
  });
}

export async function keepChallenge(
  deps: IdentityDeps,
  challenge: string,
  purpose: ChallengePurpose,
  userId: string | null,
): Promise<void> {
  const now = deps.clock.now();
  await deps.records.transaction(access, async (tx) => {
    const expiresAt = later(now, challengeSeconds);
    await insertChallenge(tx, { challenge, purpose, userId, expiresAt, now });
    if ((await openChallenges(tx)) > maxOpenChallenges) throw new Busy('Too many sign-ins were begun.', 60);
  });
}

export async function challengeIsOurs(
  deps: IdentityDeps,
  challenge: string,
  purpose: ChallengePurpose,
  userId: string | null,
): Promise<boolean> {
  const taken = await deps.records.transaction(access, (tx) => takeChallenge(tx, challenge, purpose));
  return taken !== undefined && taken.userId === userId && taken.expiresAt > deps.clock.now();
}

/** The library throws plain errors for answers that do not hold: to the outside they are one refusal. */
export async function refusedAs<T>(
  Refusal: new (cause: unknown) => AppError,
  verify: () => Promise<T>,
): Promise<T> {
  try {
    return await verify();
  } catch (error) {
    throw error instanceof AppError ? error : new Refusal(error);
  }
}
