/** Guessing stops here. SOURCE: ISM-1403, locked after at most five failed sign-ins. */
export const maxFailures = 5;
/** A lock that no administrator lifts ends by itself: five guesses a quarter of an hour get nobody anywhere. */
export const lockSeconds = 15 * 60;

export type Attempts = { readonly failures: number; readonly lockedUntil: Date | null };

export const isLocked = (attempts: Attempts, now: Date): boolean =>
  attempts.lockedUntil !== null && attempts.lockedUntil > now;

/**
 * Counts an attempt before it is checked, as if it failed: attempts that run side by side can't pass the limit together.
 * One that succeeds sets the count back to 0.
 */
export function afterAttempt(attempts: Attempts, now: Date): Attempts {
  // A lock that has run out starts the count anew.
  const before = attempts.lockedUntil === null ? attempts.failures : 0;
  const failures = before + 1;
  return {
    failures,
    lockedUntil: failures >= maxFailures ? new Date(now.getTime() + lockSeconds * 1000) : null,
  };
}
