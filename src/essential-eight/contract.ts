import { z } from 'zod';

const when = z.iso.datetime();
export const strategyId = z.enum([
  'patch-applications',
  'patch-operating-systems',
  'multi-factor-authentication',
  'restrict-administrative-privileges',
  'application-control',
  'restrict-microsoft-office-macros',
  'user-application-hardening',
  'regular-backups',
]);
/** A level a control is asked for at, or that is aimed for. */
export const level = z.union([z.literal(1), z.literal(2), z.literal(3)]);
/** A level that is reached: 0 where none is. */
export const reached = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]);
/** Met; not met; nobody can tell; nothing there it could apply to. */
export const verdict = z.enum(['met', 'not-met', 'unknown', 'not-applicable']);

const strategyMaturity = z.object({
  strategy: strategyId,
  title: z.string(),
  /** Reached by what is known. */
  level: reached,
  /** What it would be if everything unknown turned out met. */
  possible: reached,
  target: level,
  /** False when every control of it was answered Not Applicable. */
  applies: z.boolean(),
  tallies: z.array(
    z.object({
      level,
      asked: z.number().int(),
      met: z.number().int(),
      notMet: z.number().int(),
      unknown: z.number().int(),
      notApplicable: z.number().int(),
    }),
  ),
  blocking: z.array(z.string()),
  unknown: z.array(z.string()),
  notApplicable: z.array(z.string()),
});

/** What the target lacks: one control. */
export const gap = z.object({
  control: z.string(),
  asks: z.string(),
  strategies: z.array(strategyId),
  verdict: z.enum(['not-met', 'unknown']),
  /** In plain words: what, who or which hosts, by when, and who owes it. */
  text: z.string(),
  because: z.string(),
  /** Hosts, people, data sets that fail; the first of them. */
  failing: z.array(z.object({ subject: z.string(), why: z.string(), due: when.nullable() })),
  /** The earliest of them. */
  due: when.nullable(),
  owner: z.string().nullable(),
  /** Accepted for a time: it is still not met. */
  acceptedUntil: when.nullable(),
  /** Which evidence would settle it. */
  bring: z.array(z.string()),
});
export type Gap = z.infer<typeof gap>;

export const change = z.object({
  control: z.string(),
  before: verdict,
  after: verdict,
});
const changes = z.object({
  /** Of what was found then; null where nothing was found before. */
  since: when.nullable(),
  level: z.object({ before: reached, after: reached }).nullable(),
  strategies: z.array(z.object({ strategy: strategyId, before: reached, after: reached })),
  controls: z.array(change),
});
export type MaturityChanges = z.infer<typeof changes>;

const summary = z.object({
  environment: z.string(),
  name: z.string(),
  marking: z.string(),
  level: reached,
  possible: reached,
  target: level,
  /** Whether the target is reached; unknown while only what is unknown stands in between. */
  met: z.enum(['yes', 'no', 'unknown']),
  strategies: z.array(strategyMaturity),
  /** Where the levels of the controls are from: the catalogue the system is assessed against, or our table. */
  levelsFrom: z.enum(['catalogue', 'table']),
  /** Where the catalogue says otherwise than our table; the catalogue counts. */
  differences: z.array(
    z.object({ control: z.string(), table: z.array(level), catalogue: z.array(level), placed: z.boolean() }),
  ),
  /** The oldest evidence or answer a verdict rests on; null where none does. */
  asOf: when.nullable(),
  counted: when,
});

/** GET /api/essential-eight */
export const maturityList = z.object({
  environments: z.array(summary),
  /** ASD's other strategies with its rating of 2017: tags, nothing is judged by them. */
  others: z.array(
    z.object({
      id: z.string(),
      goal: z.enum(['delivery', 'extent', 'detect', 'recover', 'insiders']),
      priority: z.enum(['excellent', 'unknown']),
      title: z.string(),
    }),
  ),
});
export type MaturityList = z.infer<typeof maturityList>;
export type MaturitySummary = z.infer<typeof summary>;

/** GET /api/essential-eight/:environment */
export const maturityDetail = summary.extend({
  gaps: z.array(gap),
  controls: z.array(
    z.object({
      control: z.string(),
      asks: z.string(),
      strategies: z.array(strategyId),
      levels: z.array(level),
      verdict,
      status: z.string(),
      confidence: z.string().nullable(),
      because: z.string(),
      owner: z.string().nullable(),
      asOf: when.nullable(),
      expires: when.nullable(),
      /** How far evidence can settle it: a machine alone, partly, or a person's word. */
      judged: z.enum(['machine', 'partly', 'person']),
    }),
  ),
  changes,
});
export type MaturityDetail = z.infer<typeof maturityDetail>;

/** GET /api/essential-eight/:environment/history?days= : oldest first. */
export const maturityHistory = z.object({
  points: z.array(
    z.object({
      at: when,
      level: reached,
      possible: reached,
      target: level,
      strategies: z.record(strategyId, z.object({ level: reached, possible: reached })),
    }),
  ),
});
export type MaturityHistory = z.infer<typeof maturityHistory>;

/** PUT /api/essential-eight/:environment/target */
export const targetInput = z.object({ level });
