import { z } from 'zod';

const when = z.iso.datetime();
const word = (most: number) => z.string().trim().min(1).max(most);

/** From none to the highest. */
export const clearanceLevel = z.enum(['none', 'baseline', 'nv1', 'nv2', 'pv']);
export type ClearanceLevel = z.infer<typeof clearanceLevel>;
export const clearanceStatus = z.enum(['active', 'ceased', 'suspended', 'cancelled', 'review-for-cause']);
export type ClearanceStatus = z.infer<typeof clearanceStatus>;

/** ISO 3166-1 alpha-2. */
export const country = z.string().regex(/^[A-Z]{2}$/, 'Use two capital letters, like AU.');

export const why = z.object({ code: z.string(), text: z.string(), blocks: z.boolean() });

export const clearance = z.object({
  person: z.object({ id: z.string(), name: z.string(), email: z.string(), organisation: z.string() }),
  version: z.number().int(),
  level: clearanceLevel,
  status: clearanceStatus,
  sponsor: z.string(),
  sponsorActive: z.boolean(),
  grantedOn: z.iso.date().nullable(),
  revalidationDueOn: z.iso.date().nullable(),
  confirmedAt: when.nullable(),
  confirmedBy: z.string().nullable(),
  citizenships: z.array(z.string()),
  waiver: z.string().nullable(),
  waiverUntil: when.nullable(),
  usable: z.boolean(),
  why: z.array(why),
});
export type ClearanceView = z.infer<typeof clearance>;
/** GET /api/clearances */
export const clearanceList = z.object({ clearances: z.array(clearance) });

/** PUT /api/clearances/:person: the whole state; what was before stays in the history. */
export const clearanceInput = z.object({
  level: clearanceLevel,
  status: clearanceStatus.default('active'),
  sponsor: word(120),
  sponsorActive: z.boolean(),
  grantedOn: z.iso.date().nullable().default(null),
  revalidationDueOn: z.iso.date().nullable().default(null),
  citizenships: z.array(country).min(1).max(5),
  /** The risk assessment a sponsor waived the citizenship for. */
  waiver: word(300).nullable().default(null),
  waiverUntil: when.nullable().default(null),
});
export type ClearanceInput = z.infer<typeof clearanceInput>;
/** POST /api/clearances/:person/confirmation */
export const confirmation = z.object({ evidence: word(300) });

export const clearanceHistory = z.object({
  changes: z.array(
    clearance
      .omit({ usable: true, why: true, person: true })
      .extend({ change: z.enum(['set', 'confirmed', 'imported']), by: z.string(), at: when }),
  ),
});

/** POST /api/clearances/import?dryRun=true, text/csv. */
export const importReport = z.object({
  dryRun: z.boolean(),
  /** True when every row was good and all of them were written. */
  applied: z.boolean(),
  rows: z.number().int(),
  good: z.number().int(),
  bad: z.number().int(),
  unchanged: z.number().int(),
  report: z.array(
    z.object({
      /** The line of the file the row starts at, from 1. */
      line: z.number().int(),
      email: z.string(),
      outcome: z.enum(['set', 'unchanged', 'refused']),
      why: z.array(z.string()),
    }),
  ),
});
export type ImportReport = z.infer<typeof importReport>;

/** GET /api/clearances/requirements?organisation=: that people meet what their environments ask, and not how. */
export const requirementList = z.object({
  people: z.array(
    z.object({
      person: z.string(),
      name: z.string(),
      asks: z.array(z.string()),
      meets: z.boolean(),
    }),
  ),
});
