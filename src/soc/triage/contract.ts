import { z } from 'zod';

export const severity = z.enum(['critical', 'high', 'medium', 'low', 'informational']);
export type Severity = z.infer<typeof severity>;

export const outcome = z.enum(['true-positive', 'benign', 'false-positive', 'duplicate']);
export type Outcome = z.infer<typeof outcome>;

export const alertState = z.enum(['new', 'acknowledged', 'closed']);
export type AlertState = z.infer<typeof alertState>;

/** Who or what the alert is about; the first is the one it is grouped by. */
export const entity = z.object({
  kind: z.enum(['host', 'user', 'process', 'file', 'address', 'domain', 'resource', 'source']),
  value: z.string(),
});
export type Entity = z.infer<typeof entity>;

/** A row of the queue. */
export const alertSummary = z.object({
  id: z.string(),
  tenancy: z.string(),
  title: z.string(),
  severity,
  state: alertState,
  escalated: z.boolean(),
  ruleId: z.string(),
  ruleAuthor: z.string(),
  /** 'sigma', or 'ironbark' for alerts of the system itself (a silent source). */
  origin: z.enum(['sigma', 'ironbark']),
  attack: z.array(z.string()),
  entities: z.array(entity),
  detections: z.number().int(),
  firstEventAt: z.iso.datetime(),
  lastEventAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  assignee: z.object({ id: z.string(), name: z.string() }).nullable(),
  outcome: outcome.nullable(),
  demo: z.boolean(),
  /** Bumped on every change: sent back with an action, so that two analysts never overwrite each other. */
  revision: z.number().int(),
});
export type AlertSummary = z.infer<typeof alertSummary>;

/** Why a rule fired: which selection matched which value of which field. */
export const reasonLine = z.object({
  selection: z.string(),
  field: z.string().nullable(),
  /** As the rule wrote it: `endswith '\\rundll32.exe'`. */
  test: z.string(),
  value: z.string(),
});
export type ReasonLine = z.infer<typeof reasonLine>;

export const detection = z.object({
  id: z.string(),
  ruleId: z.string(),
  ruleVersion: z.string(),
  eventAt: z.iso.datetime(),
  eventUids: z.array(z.string()),
  reasons: z.array(reasonLine),
  /** The first event as it was received. */
  event: z.unknown(),
});
export type Detection = z.infer<typeof detection>;

export const alertChange = z.object({
  at: z.iso.datetime(),
  actor: z.object({ id: z.string(), name: z.string() }),
  action: z.enum([
    'created',
    'acknowledged',
    'assigned',
    'closed',
    'reopened',
    'escalated',
    'noted',
    'undone',
  ]),
  note: z.string().nullable(),
  outcome: outcome.nullable(),
});
export type AlertChange = z.infer<typeof alertChange>;

/** GET /api/alerts/:id */
export const alertDetail = alertSummary.extend({
  ruleDescription: z.string(),
  ruleReferences: z.array(z.string()),
  ruleFalsePositives: z.array(z.string()),
  /** DRL: the author and the licence are shown with a match. */
  ruleLicence: z.string(),
  sample: z.array(detection),
  /** Detections counted by the storm valve without being kept one by one. */
  stormSuppressed: z.number().int(),
  history: z.array(alertChange),
  /** What was decided before on the same rule and first entity, newest first. */
  before: z.array(
    z.object({
      alertId: z.string(),
      closedAt: z.iso.datetime(),
      outcome,
      reason: z.string(),
      by: z.string(),
    }),
  ),
});
export type AlertDetail = z.infer<typeof alertDetail>;

/** The filter of a list and of a bulk action: the same words, so that "all that match" is exactly what is seen. */
export const alertFilter = z.object({
  state: z.array(alertState).optional(),
  severity: z.array(severity).optional(),
  tenancy: z.array(z.string()).optional(),
  rule: z.string().optional(),
  entity: z.string().optional(),
  assignee: z.string().optional(),
  text: z.string().max(200).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});
export type AlertFilter = z.infer<typeof alertFilter>;

/** GET /api/alerts?filter…&after=cursor&limit= : newest first. */
export const alertPage = z.object({
  alerts: z.array(alertSummary),
  next: z.string().nullable(),
  total: z.number().int(),
  bySeverity: z.record(severity, z.number().int()),
});
export type AlertPage = z.infer<typeof alertPage>;

/** POST /api/alerts/actions. Answers an undo token, good for 10 minutes. */
export const alertAction = z.object({
  select: z.union([
    z.object({
      alerts: z
        .array(z.object({ id: z.string(), revision: z.number().int() }))
        .min(1)
        .max(1000),
    }),
    z.object({
      filter: alertFilter,
      /** refuse when more than this many match by then */ atMost: z.number().int().positive(),
    }),
  ]),
  do: z.discriminatedUnion('action', [
    z.object({ action: z.literal('acknowledge') }),
    z.object({ action: z.literal('assign'), to: z.string() }),
    z.object({ action: z.literal('close'), outcome, reason: z.string().trim().min(3).max(2000) }),
    z.object({ action: z.literal('reopen'), reason: z.string().trim().min(3).max(2000) }),
    z.object({ action: z.literal('escalate'), reason: z.string().trim().min(3).max(2000) }),
    z.object({ action: z.literal('note'), note: z.string().trim().min(1).max(10_000) }),
  ]),
});
export type AlertAction = z.infer<typeof alertAction>;
export const alertActionResult = z.object({
  changed: z.number().int(),
  skipped: z.array(z.object({ id: z.string(), why: z.string() })),
  undo: z.string(),
});

/** GET /api/alerts/stream (SSE): `event: alert`, data as below; `id:` lets a browser go on where it stopped. */
export const alertStreamItem = z.object({ kind: z.enum(['new', 'changed']), alert: alertSummary });
export type AlertStreamItem = z.infer<typeof alertStreamItem>;

/**
 * In a query string every list is the name repeated (`state=new&state=acknowledged`). `assignee` is a user's id,
 * `me`, or `none`. GET /api/alerts takes also `after` (cursor) and `limit` (1 to 500, default 200).
 *
 * GET /api/alerts/histogram?filter…&buckets= : detections over time of the alerts that match; `from` and `to` are required.
 */
export const alertHistogram = z.object({
  stepSeconds: z.number(),
  /** Start of each bucket, epoch seconds; empty buckets are there. */
  at: z.array(z.number()),
  /** One series of alert counts (by createdAt) a severity, each as long as `at`. */
  bySeverity: z.record(severity, z.array(z.number().int())),
});
export type AlertHistogram = z.infer<typeof alertHistogram>;

/** POST /api/alerts/undo */
export const undoRequest = z.object({ undo: z.string().max(200) });
export const undoResult = z.object({
  changed: z.number().int(),
  skipped: z.array(z.object({ id: z.string(), why: z.string() })),
});

/** GET /api/alerts/assignees: who may be given an alert. */
export const assignees = z.object({ users: z.array(z.object({ id: z.string(), name: z.string() })) });

/** GET /api/alerts/reads: who of another organisation looked at what belongs to tenancies in scope; newest first, once an hour each. */
export const crossTenancyReads = z.object({
  reads: z.array(
    z.object({
      tenancy: z.string(),
      actor: z.object({ id: z.string(), name: z.string() }),
      organisation: z.string(),
      what: z.enum(['alert', 'event']),
      at: z.iso.datetime(),
    }),
  ),
});
export type CrossTenancyReads = z.infer<typeof crossTenancyReads>;
