import { z } from 'zod';

/**
 * An account for when nobody can sign in otherwise. Its secret is two halves, each shown once to another administrator,
 * to be kept apart. SOURCE: ISM-1611 to ISM-1615.
 */
export const breakGlassAccount = z.object({
  user: z.string(),
  name: z.string(),
  email: z.string(),
  /** none: no half is good; half: one of two was made; ready; spent: used, both halves are to be made anew. */
  state: z.enum(['none', 'half', 'ready', 'spent']),
  holders: z.array(z.string()),
  /** Since the halves were made, somebody tried that they open the account. */
  tested: z.boolean(),
});
export const breakGlassUse = z.object({
  id: z.string(),
  user: z.string(),
  at: z.iso.datetime(),
  reason: z.string(),
  test: z.boolean(),
  reviewDueAt: z.iso.datetime(),
  reviewedBy: z.string().nullable(),
  outcome: z.string().nullable(),
});

/** GET /api/break-glass */
export const breakGlassView = z.object({
  accounts: z.array(breakGlassAccount),
  uses: z.array(breakGlassUse),
});
export type BreakGlassView = z.infer<typeof breakGlassView>;

/** POST /api/break-glass */
export const newBreakGlass = z.object({ name: z.string().trim().min(1).max(120), email: z.email().max(254) });
/** POST /api/break-glass, POST /api/break-glass/:id/half: a half, shown this once. */
export const breakGlassHalf = z.object({
  account: breakGlassAccount,
  half: z.enum(['first', 'second']),
  secret: z.string(),
});
/** POST /api/session/break-glass. A test opens nothing, and leaves the halves good. */
export const breakGlassSignIn = z.object({
  email: z.string().max(254),
  first: z.string().max(100),
  second: z.string().max(100),
  reason: z.string().trim().min(10, 'Say in a sentence why nobody can sign in otherwise.').max(1000),
});
/** POST /api/break-glass/uses/:id/review */
export const breakGlassReview = z.object({ outcome: z.string().trim().min(1).max(1000) });
