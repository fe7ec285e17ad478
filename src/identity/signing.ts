import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { Actor } from './actor.ts';
import type { PasskeyAnswer } from './contract.ts';
import type { IdentityDeps } from './deps.ts';
import { NoPasskey, SignatureRefused } from './errors.ts';
import { isLocked } from './lock.ts';
import { challengeIsOurs, keepChallenge, refusedAs, rpIdOf } from './passkeys.ts';
import { notePasskeyUse, passkeyOf, passkeysOf } from './store-sessions.ts';
import { lockUser } from './store-users.ts';
import { mayUse } from './user.ts';

const access = systemAccess('signing');

/** What a person's passkey said over the SHA-256 of one record: enough to check it again without this system. */
export type Signature = {
  readonly userId: string;
  readonly credentialId: string;
  /** COSE key, base64url. */
  readonly publicKey: string;
  /** base64url, as the authenticator gave them. */
  readonly authenticatorData: string;
  readonly clientDataJSON: string;
  readonly signature: string;
};

/**
 * For navigator.credentials.get(): the challenge is the record's own digest, so the answer can't be for another text.
 * Good for five minutes, and once.
 *
 * @param digest SHA-256 of the canonical record, 32 bytes. The record names its signer and its time, so no two are the same.
 * @throws {NoPasskey} when the person has none: a password can't sign
 */
export async function signingOptions(deps: IdentityDeps, actor: Actor, digest: Buffer) {
  const passkeys = await deps.records.transaction(access, (tx) => passkeysOf(tx, actor.id));
  if (actor.kind !== 'user' || passkeys.length === 0) throw new NoPasskey();
  const options = await generateAuthenticationOptions({
    rpID: rpIdOf(deps.origin),
    challenge: new Uint8Array(digest),
    userVerification: 'required',
    allowCredentials: passkeys.map(({ credentialId }) => ({ id: credentialId })),
  });
  await keepChallenge(deps, options.challenge, 'sign', actor.id);
  return options;
}

/**
 * Uses up the challenge, whatever the outcome. Call it before the transaction that stores what was signed.
 * @throws {SignatureRefused} for another digest, person, origin or passkey, a second use, a late answer, an unverified user
 */
export async function verifySignature(
  deps: IdentityDeps,
  actor: Actor,
  digest: Buffer,
  answer: PasskeyAnswer,
): Promise<Signature> {
  const passkey = await deps.records.transaction(access, (tx) => passkeyOf(tx, answer.id));
  if (actor.kind !== 'user' || passkey?.userId !== actor.id) throw new SignatureRefused();
  const expected = digest.toString('base64url');
  // The library checks every part it reads.
  const response = answer as unknown as AuthenticationResponseJSON;
  const verified = await refusedAs(SignatureRefused, () =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge: async (challenge) =>
        challenge === expected && (await challengeIsOurs(deps, challenge, 'sign', actor.id)),
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
  if (!verified.verified) throw new SignatureRefused();
  await deps.records.transaction(access, (tx) =>
    noteUse(deps, tx, actor.id, passkey.credentialId, verified.authenticationInfo.newCounter),
  );
  return {
    userId: actor.id,
    credentialId: passkey.credentialId,
    publicKey: passkey.publicKey.toString('base64url'),
    authenticatorData: response.response.authenticatorData,
    clientDataJSON: response.response.clientDataJSON,
    signature: response.response.signature,
  };
}

async function noteUse(deps: IdentityDeps, tx: Tx, userId: string, credentialId: string, counter: number) {
  const now = deps.clock.now();
  const account = await lockUser(tx, userId);
  // Somebody locked out since the session began signs nothing.
  if (account === undefined || !mayUse(account) || isLocked(account, now)) throw new SignatureRefused();
  await notePasskeyUse(tx, credentialId, counter, now);
}
