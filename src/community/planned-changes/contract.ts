import { z } from 'zod';

const when = z.iso.datetime({ offset: true });
const word = (most: number) => z.string().trim().min(1).max(most);
const who = z.object({ id: z.string(), name: z.string() });

export const changeRisk = z.enum(['low', 'medium', 'high']);
export const changeState = z.enum(['draft', 'approved', 'rejected', 'closed']);
export type ChangeState = z.infer<typeof changeState>;
export const changeOutcome = z.enum(['done', 'backed-out', 'not-done']);

export const plannedChange = z.object({
  id: z.string(),
  environment: z.string(),
  title: z.string(),
  plan: z.string(),
  backOut: z.string(),
  risk: changeRisk,
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  /** Null for an ordinary change. */
  emergencyReason: z.string().nullable(),
  state: changeState,
  requestedBy: who,
  requestedAt: z.iso.datetime(),
  decidedBy: who.nullable(),
  decidedAt: z.iso.datetime().nullable(),
  decisionNote: z.string().nullable(),
  closedBy: z.string().nullable(),
  closedAt: z.iso.datetime().nullable(),
  outcome: changeOutcome.nullable(),
  outcomeNote: z.string().nullable(),
  /** Approved, and now is in its window. */
  open: z.boolean(),
});
export type PlannedChangeView = z.infer<typeof plannedChange>;

/** GET /api/changes, newest first */
export const changeQuery = z.object({
  environment: z.string().max(63).optional(),
  state: changeState.optional(),
});
export const changeList = z.object({ changes: z.array(plannedChange) });

/** POST /api/changes */
export const newChange = z.object({
  environment: word(63),
  title: word(200),
  /** What is done, step by step. */
  plan: word(20_000),
  /** How it is undone when it goes wrong. */
  backOut: word(20_000),
  risk: changeRisk,
  from: when,
  until: when,
  emergencyReason: word(1000).nullable().default(null),
});
export type NewChange = z.infer<typeof newChange>;

/** POST /api/changes/:id/decision, by somebody else than who asked. */
export const changeDecision = z.object({ decision: z.enum(['approve', 'reject']), note: word(1000) });
/** POST /api/changes/:id/outcome: it is over, and nothing more is done under it. */
export const changeEnd = z.object({ outcome: changeOutcome, note: word(2000) });
