import { z } from 'zod';
import { severity } from '../triage/contract.ts';

/** A pack of rules as it was imported: content, in versions side by side. */
export const rulePack = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  sha256: z.string(),
  origin: z.string(),
  importedAt: z.iso.datetime(),
  active: z.boolean(),
  rules: z.number().int(),
  rejected: z.number().int(),
});
export type RulePack = z.infer<typeof rulePack>;

export const ruleSummary = z.object({
  id: z.string(),
  title: z.string(),
  level: severity,
  status: z.string(),
  author: z.string(),
  logsource: z.object({
    product: z.string().optional(),
    category: z.string().optional(),
    service: z.string().optional(),
  }),
  attack: z.array(z.string()),
  pack: z.string(),
  enabled: z.boolean(),
  hits: z.number().int(),
  lastHitAt: z.iso.datetime().nullable(),
  /** What one look at it costs since the rules were loaded; null while none was timed. */
  meanMicroseconds: z.number().nullable(),
  /** Events it was not decided for since the rules were loaded: their bound on work was used up before. */
  undecided: z.number().int(),
});
export type RuleSummary = z.infer<typeof ruleSummary>;

export const ruleFault = z.object({
  file: z.string(),
  line: z.number().int(),
  ruleId: z.string().nullable(),
  what: z.string(),
  why: z.string(),
});
export type RuleFault = z.infer<typeof ruleFault>;

/** GET /api/rules */
export const ruleList = z.object({
  rules: z.array(ruleSummary),
  faults: z.array(ruleFault),
  packs: z.array(rulePack),
});
export type RuleList = z.infer<typeof ruleList>;

/** GET /api/rules/:id adds the text as it was imported. */
export const ruleDetail = ruleSummary.extend({
  text: z.string(),
  description: z.string(),
  references: z.array(z.string()),
  falsePositives: z.array(z.string()),
});

/** An exception: the rule does not alert for this tenancy where the field has this value, until it expires. */
export const ruleException = z.object({
  id: z.string(),
  ruleId: z.string(),
  tenancy: z.string(),
  field: z.string(),
  value: z.string(),
  owner: z.string(),
  reason: z.string(),
  expiresAt: z.iso.datetime(),
});
export type RuleException = z.infer<typeof ruleException>;

/** PATCH /api/rules/:id */
export const ruleChange = z.object({ enabled: z.boolean() });

/** GET /api/rules/exceptions?rule= ; POST /api/rules/exceptions ; DELETE /api/rules/exceptions/:id */
export const exceptionList = z.object({ exceptions: z.array(ruleException) });
/** `owner` is who asks for it. */
export const newException = ruleException
  .omit({ id: true, owner: true })
  .extend({ reason: z.string().trim().min(3).max(2000) });
