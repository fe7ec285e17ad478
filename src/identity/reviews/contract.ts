import { z } from 'zod';
import { role, suspendedWhy } from '../contract.ts';

export const reviewDecision = z.enum(['keep', 'remove']);

/** A campaign: somebody looks at each account of an organisation, and says whether it is still needed (CRISP 8.2). */
export const review = z.object({
  id: z.string(),
  name: z.string(),
  /** Null: the whole community. */
  organisation: z.string().nullable(),
  startedBy: z.string(),
  startedAt: z.iso.datetime(),
  dueAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
  accounts: z.number().int(),
  decided: z.number().int(),
});
export type Review = z.infer<typeof review>;

export const reviewItem = z.object({
  user: z.string(),
  name: z.string(),
  email: z.string(),
  organisation: z.string(),
  roles: z.array(role),
  lastSignInAt: z.iso.datetime().nullable(),
  suspendedWhy: suspendedWhy.nullable(),
  decision: reviewDecision.nullable(),
  reason: z.string().nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: z.iso.datetime().nullable(),
  /** The one who looks: nobody decides about the own account. */
  own: z.boolean(),
});
export type ReviewItem = z.infer<typeof reviewItem>;

/** GET /api/reviews, GET /api/reviews/:id */
export const reviewList = z.object({ reviews: z.array(review) });
export const reviewDetail = z.object({ review, items: z.array(reviewItem) });
export type ReviewDetail = z.infer<typeof reviewDetail>;

/** POST /api/reviews */
export const newReview = z.object({
  name: z.string().trim().min(1).max(120),
  organisation: z.string().nullable().default(null),
  days: z.number().int().min(1).max(90).default(14),
});
/** POST /api/reviews/:id/decisions: `remove` suspends the account at once. */
export const reviewDecisions = z.object({
  users: z.array(z.string().max(100)).min(1).max(500),
  decision: reviewDecision,
  reason: z.string().trim().min(1).max(500),
});
