import { createHash } from 'node:crypto';

/** SOURCE: ISM-0428, a session locks after 15 minutes without activity; 12 hours is ours. */
export const idleSeconds = 15 * 60;
export const longestSeconds = 12 * 60 * 60;
/** Being seen is written down at most this often; a session may end this much early, never late. */
export const seenGrainSeconds = 20;
/** The prefix __Host- asks for Secure, Path=/ and no Domain. Strict: a link from elsewhere opens the sign-in page. */
export const sessionCookieOptions = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;

/** Time to scan the code and type it. */
export const enrollingSeconds = 30 * 60;

export type SessionTimes = { readonly lastSeenAt: Date; readonly expiresAt: Date };

export const idleExpiry = (times: SessionTimes): Date =>
  new Date(Math.min(times.lastSeenAt.getTime() + idleSeconds * 1000, times.expiresAt.getTime()));

export const isOver = (times: SessionTimes, now: Date): boolean => now >= idleExpiry(times);

export const seenLongAgo = (times: SessionTimes, now: Date): boolean =>
  now.getTime() - times.lastSeenAt.getTime() >= seenGrainSeconds * 1000;

/** For secrets of 32 random bytes: nothing to guess, so one round is enough. At rest there are only hashes. */
export const secretHash = (secret: string): Buffer => createHash('sha256').update(secret, 'utf8').digest();

/** Bound to the session, known only to who has its secret, and of no use in its place. */
export const csrfTokenOf = (sessionSecret: string): string =>
  createHash('sha256').update('csrf\0').update(sessionSecret, 'utf8').digest('base64url');
