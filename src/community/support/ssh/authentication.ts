import type { AuthContext, PublicKeyAuthContext } from 'ssh2';
import type { Clock } from '#platform/clock';
import { type ReadCertificate, readCertificate } from './certificate.ts';
import { isSignedBy } from './keys.ts';
import { Malformed } from './wire.ts';

/** A login: `session` or `session+system`. */
export type Login = { readonly session: string; readonly system: string | null };

const loginPattern = /^([0-9a-f-]{36})(?:\+([a-z0-9-]{1,31}))?$/;

export function readLogin(username: string): Login | undefined {
  const [, session, system] = loginPattern.exec(username) ?? [];
  return session === undefined ? undefined : { session, system: system ?? null };
}

/** Why a request proves nothing; with the certificate, where it is one of ours and its holder has signed with its key. */
export type NoProof = { readonly why: string; readonly certificate?: ReadCertificate };

export type Proof = { readonly login: Login; readonly certificate: ReadCertificate };

/** Public-key requests have these; which request it is, the method says. */
const isPublicKey = (context: AuthContext): context is PublicKeyAuthContext => context.method === 'publickey';

/**
 * What one authentication request proves. Nothing but a certificate of ours, over its own key, for this session, from
 * the address it names, in its time.
 * @returns 'probe' for a certificate of ours that is yet to be signed with; why not, when it proves nothing
 */
export function proofOf(
  context: AuthContext,
  from: { authority: Buffer; address: string; clock: Clock },
): Proof | 'probe' | NoProof {
  if (!isPublicKey(context)) return { why: 'no certificate was shown' };
  const login = readLogin(context.username);
  if (login === undefined) return { why: 'the login names no session' };
  try {
    const certificate = readCertificate(context.key.data, from.authority);
    if (certificate.type !== context.key.algo)
      return { why: 'the certificate is of another type than was said' };
    // Who only shows a certificate has not proved to hold it: what is wrong with it is told, and recorded, once they have.
    if (context.signature === undefined || context.blob === undefined) return 'probe';
    if (!isSignedBy(certificate.subject, context.blob, context.signature))
      return { why: 'the signature is not of its key' };
    const why = unfit(certificate, login, from);
    if (why !== undefined) return { why, certificate };
    return { login, certificate };
  } catch (error) {
    if (error instanceof Malformed) return { why: error.message };
    throw error;
  }
}

/** INVARIANT: a certificate is good for its own session only, and not at the second of its end any more. */
function unfit(
  certificate: ReadCertificate,
  { session }: Login,
  { address, clock }: { address: string; clock: Clock },
): string | undefined {
  const now = clock.now();
  if (!certificate.principals.includes(session) || certificate.keyId !== session)
    return 'the certificate is for another session';
  if (now < certificate.validAfter || now >= certificate.validBefore)
    return 'the certificate is not in its time';
  return certificate.sourceAddresses.includes(address) ? undefined : 'the certificate is for another address';
}
