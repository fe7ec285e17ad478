import { z } from 'zod';
import { confidence } from '../contract.ts';

export { confidence, type Confidence } from '../contract.ts';

const when = z.iso.datetime();

/** Who was covered out of whom; `of` is null where nobody knows how many there are. */
export const population = z.object({
  covered: z.number().int(),
  of: z.number().int().nullable(),
  basis: z.string(),
});

export const collection = z.object({
  id: z.string(),
  environment: z.string(),
  kind: z.string(),
  /** The kind in words. */
  title: z.string(),
  source: z.string(),
  origin: z.string(),
  importer: z.string(),
  collectedAt: when,
  expiresAt: when,
  receivedAt: when,
  /** replaced: a newer one of the same source took its place. */
  state: z.enum(['in-force', 'expired', 'replaced']),
  population,
  facts: z.number().int(),
  hash: z.string(),
  /** Of the file it was read from; null where there was none. */
  rawBytes: z.number().int().nullable(),
  ceiling: confidence,
  by: z.string(),
});
export type CollectionView = z.infer<typeof collection>;

/** What became of the rows of a file. `lines` are those that were not simply taken, the first 1,000. */
export const importReport = z.object({
  importer: z.string(),
  encoding: z.string(),
  rows: z.number().int(),
  taken: z.number().int(),
  skipped: z.number().int(),
  refused: z.number().int(),
  /** The file stops in the middle of a row. */
  cutOff: z.boolean(),
  remarks: z.array(z.string()),
  lines: z.array(
    z.object({
      row: z.number().int(),
      outcome: z.enum(['taken', 'skipped', 'refused']),
      why: z.string(),
    }),
  ),
});
export type ImportReport = z.infer<typeof importReport>;

export const fact = z.object({
  subject: z.string(),
  at: when.nullable(),
  values: z.record(z.string(), z.unknown()),
});

/** POST /api/evidence?environment=&kind=&name=…, the file as the body. */
export const sendQuery = z.object({
  environment: z.string().max(63),
  /** 'auto': the file's own look decides. */
  kind: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'Use lower-case letters, digits, dots and dashes, or "auto".')
    .default('auto'),
  name: z.string().trim().min(1).max(200).default('upload'),
  source: z.string().trim().min(1).max(200).optional(),
  collectedAt: when.optional(),
  expiresAt: when.optional(),
  /** '40/50', or '40' where nobody knows how many there are. */
  population: z
    .string()
    .regex(/^\d{1,9}(\/\d{1,9})?$/, 'Write it like 40/50, or 40 where the whole is not known.')
    .optional(),
  onBadRow: z.enum(['skip-row', 'refuse-file']).optional(),
  dryRun: z.enum(['true', 'false']).default('false'),
});
export const sent = z.object({
  dryRun: z.boolean(),
  /** All of it is recorded now. */
  applied: z.boolean(),
  /** The same content was sent before; nothing was changed. */
  known: z.boolean(),
  /** Why the file as a whole was not taken; null when nothing stands against it. */
  refused: z.string().nullable(),
  collection: collection.nullable(),
  /** The first facts, to look at. */
  sample: z.array(fact),
  report: importReport,
});
export type Sent = z.infer<typeof sent>;

/** GET /api/evidence?environment=&kind=&before=&limit= : newest arrivals first. */
export const collectionsQuery = z.object({
  environment: z.string().max(63),
  kind: z.string().max(63).optional(),
  before: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export const collectionList = z.object({ collections: z.array(collection), next: z.string().nullable() });

/** GET /api/evidence/collections/:id */
export const collectionDetail = collection.extend({ report: importReport.nullable() });
export type CollectionDetail = z.infer<typeof collectionDetail>;
/** GET /api/evidence/collections/:id/facts?from=&limit= : in the order of the file. */
export const factsQuery = z.object({
  from: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export const factsPage = z.object({
  facts: z.array(fact),
  next: z.number().int().nullable(),
  total: z.number().int(),
});

/** GET /api/evidence/kinds?environment= : what can be sent, and how old the newest of it is. */
export const kindList = z.object({
  kinds: z.array(
    z.object({
      kind: z.string(),
      title: z.string(),
      how: z.string(),
      validDays: z.number(),
      grows: z.enum(['snapshot', 'stream']),
      ceiling: confidence,
      importers: z.array(z.object({ name: z.string(), onBadRow: z.enum(['skip-row', 'refuse-file']) })),
      /** Controls that evaluators judge from it. */
      controls: z.array(z.string()),
      inForce: z.number().int(),
      newest: when.nullable(),
      expiresAt: when.nullable(),
    }),
  ),
});
export type KindList = z.infer<typeof kindList>;

const failing = z.object({ subject: z.string(), why: z.string(), due: when.nullable() });
export const judgement = z.object({
  status: z.enum(['satisfied', 'not-satisfied', 'unknown']),
  because: z.string(),
  /** Null for what is unknown, as are the counts. */
  confidence: confidence.nullable(),
  tested: z.number().int().nullable(),
  failed: z.number().int().nullable(),
  of: z.number().int().nullable(),
  failing: z.array(failing),
  wouldSettle: z.array(z.string()),
});
export type JudgementView = z.infer<typeof judgement>;

export const judged = z.object({
  evaluator: z.string(),
  title: z.string(),
  version: z.number().int(),
  controls: z.array(z.string()),
  judgement,
  collections: z.array(z.string()),
  judgedAt: when,
  validUntil: when,
});
/** GET /api/evidence/judgements?environment=&control= */
export const judgementsQuery = z.object({
  environment: z.string().max(63),
  control: z.string().max(100).optional(),
});
export const judgementList = z.object({ judgements: z.array(judged) });
/** GET /api/evidence/judgements/history?environment=&evaluator= : newest first. */
export const historyQuery = z.object({ environment: z.string().max(63), evaluator: z.string().max(200) });
export const judgementHistory = z.object({
  changes: z.array(
    z.object({ at: when, version: z.number().int(), judgement, collections: z.array(z.string()) }),
  ),
});
/** GET /api/evidence/unknown?environment= : what nobody can tell, and which evidence would. */
export const unknownList = z.object({
  unknown: z.array(
    z.object({
      control: z.string(),
      evaluator: z.string(),
      title: z.string(),
      because: z.string(),
      wouldSettle: z.array(z.string()),
    }),
  ),
  /** Kinds by how many controls they would settle, most first. */
  settles: z.array(z.object({ evidence: z.string(), controls: z.array(z.string()) })),
});
export type UnknownList = z.infer<typeof unknownList>;

/** POST /api/evidence/rejudge: without `asOf` everything is judged anew, now. */
export const rejudgeInput = z.object({ environment: z.string().max(63), asOf: when.nullish() });
export const rejudged = z.object({
  asOf: when,
  judgements: z.array(judged.extend({ saidThen: judgement.nullable() })),
});

export const finding = z.object({
  id: z.string(),
  environment: z.string(),
  control: z.string(),
  evaluator: z.string(),
  title: z.string(),
  origin: z.enum(['drift', 'first']),
  state: z.enum(['open', 'accepted', 'closed']),
  openedAt: when,
  closedAt: when.nullable(),
  because: z.string(),
  failed: z.number().int(),
  failing: z.array(failing),
  owner: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Null while its risk is accepted, and once it is closed. */
  dueAt: when.nullable(),
  overdue: z.boolean(),
  accepted: z.object({ id: z.string(), until: when }).nullable(),
  lastStatus: z.enum(['satisfied', 'not-satisfied', 'unknown']),
  lastJudgedAt: when,
});
export type FindingView = z.infer<typeof finding>;
/** GET /api/evidence/findings?environment=&state= */
export const findingsQuery = z.object({
  environment: z.string().max(63),
  state: z.enum(['open', 'closed', 'all']).default('open'),
});
export const findingList = z.object({
  findings: z.array(finding),
  people: z.array(z.object({ id: z.string(), name: z.string() })),
});
/** GET /api/evidence/findings/:id */
export const findingDetail = finding.extend({
  history: z.array(z.object({ at: when, what: z.string(), by: z.string(), note: z.string() })),
});
/** PATCH /api/evidence/findings/:id. Only a passing judgement closes it. */
export const findingChange = z.object({
  owner: z.string().max(100).nullish(),
  dueAt: when.optional(),
  note: z.string().trim().min(1).max(2000).optional(),
});
