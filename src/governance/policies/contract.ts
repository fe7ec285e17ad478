import { z } from 'zod';

const when = z.iso.datetime();
const word = (most: number) => z.string().trim().min(1).max(most);

export const documentKind = z.enum(['policy', 'standard', 'plan', 'procedure']);
export type DocumentKind = z.infer<typeof documentKind>;

const audience = z.object({
  everybody: z.boolean().default(false),
  offices: z.array(word(40)).max(20).default([]),
  people: z.array(word(100)).max(2000).default([]),
});
const about = z.object({
  kind: documentKind,
  title: word(200),
  /** A person of the provider's, by id. */
  owner: word(100),
  /** Empty: of the organisation as a whole; else of these systems. */
  environments: z.array(word(63)).max(20).default([]),
  controls: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/))
    .max(500)
    .default([]),
  frameworks: z.array(word(63)).max(50).default([]),
  required: z.string().max(63).nullable().default(null),
  /** SOURCE: ISM-0888: at least annually. */
  reviewMonths: z.int().min(1).max(12).default(12),
  acknowledgeDays: z.int().min(1).max(365).default(14),
  audience: audience.default({ everybody: false, offices: [], people: [] }),
});

const text = z.string().min(1).max(400_000);
/** POST /api/documents */
export const newDocument = about.extend({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'Use 1 to 63 characters of a-z, 0-9 and "-".')
    .optional(),
  text,
  summary: word(500).default('The first version.'),
});
export type NewDocument = z.infer<typeof newDocument>;
/** PATCH /api/documents/:id */
export const documentChange = z.object({
  title: word(200).optional(),
  owner: word(100).optional(),
  controls: about.shape.controls.unwrap().optional(),
  frameworks: about.shape.frameworks.unwrap().optional(),
  reviewMonths: z.int().min(1).max(12).optional(),
  acknowledgeDays: z.int().min(1).max(365).optional(),
  audience: audience.optional(),
});
export type DocumentChange = z.infer<typeof documentChange>;
/** POST /api/documents/:id/versions */
export const newVersion = z.object({ text, summary: word(500), minor: z.boolean().default(false) });
/** POST /api/documents/:id/versions/:number/approval */
export const approval = z.object({ sha256: z.string().length(64), effectiveAt: when.optional() });
/** POST /api/documents/:id/reviews */
export const newReview = z.object({ outcome: z.enum(['stands', 'change-needed']), note: word(2000) });
/** POST /api/documents/:id/acknowledgements: of exactly what was read. */
export const newAcknowledgement = z.object({ version: z.int().min(1), sha256: z.string().length(64) });
/** POST /api/documents/:id/retirement */
export const retirement = z.object({ reason: word(500) });

export const reviewState = z.enum(['current', 'due', 'overdue', 'not-in-force', 'retired']);

export const documentView = z.object({
  id: z.string(),
  kind: documentKind,
  title: z.string(),
  owner: z.object({ id: z.string(), name: z.string() }),
  environments: z.array(z.string()),
  controls: z.array(z.string()),
  frameworks: z.array(z.string()),
  required: z.string().nullable(),
  reviewMonths: z.number().int(),
  acknowledgeDays: z.number().int(),
  audience: z.object({ everybody: z.boolean(), offices: z.array(z.string()), people: z.array(z.string()) }),
  /** The version in force; null where none is. */
  version: z.number().int().nullable(),
  /** The newest that waits for approval, or for its day. */
  next: z
    .object({ number: z.number().int(), state: z.enum(['draft', 'approved']), effectiveAt: when.nullable() })
    .nullable(),
  approvedBy: z.string().nullable(),
  review: z.object({ state: reviewState, currentAsAt: when.nullable(), dueAt: when.nullable() }),
  acknowledged: z.object({
    due: z.number().int(),
    overdue: z.number().int(),
    acknowledged: z.number().int(),
    of: z.number().int(),
  }),
  retiredAt: when.nullable(),
  retiredWhy: z.string().nullable(),
});
export type DocumentView = z.infer<typeof documentView>;

export const requiredDocument = z.object({
  key: z.string(),
  title: z.string(),
  kind: documentKind,
  perSystem: z.boolean(),
  controls: z.array(z.string()),
  why: z.string(),
  /** The system it is for; null for one of the organisation. */
  environment: z.string().nullable(),
  /** What there is of it. */
  document: z.string().nullable(),
  state: z.enum(['missing', 'draft', 'in-force', 'overdue']),
});
/** GET /api/documents */
export const documentList = z.object({
  documents: z.array(documentView),
  required: z.array(requiredDocument),
});
export type DocumentList = z.infer<typeof documentList>;

export const versionView = z.object({
  number: z.number().int(),
  sha256: z.string(),
  summary: z.string(),
  minor: z.boolean(),
  author: z.string(),
  createdAt: when,
  state: z.enum(['draft', 'approved', 'in-force', 'superseded']),
  approvedAt: when.nullable(),
  approvedBy: z.string().nullable(),
  approvedOffice: z.string().nullable(),
  effectiveAt: when.nullable(),
});
/** GET /api/documents/:id?version= */
export const documentDetail = documentView.extend({
  versions: z.array(versionView),
  /** Of the version asked for, else of the one in force, else the newest. */
  shown: z.object({ number: z.number().int(), sha256: z.string(), text: z.string() }),
  readers: z.array(
    z.object({
      person: z.string(),
      name: z.string(),
      state: z.enum(['acknowledged', 'due', 'overdue']),
      dueAt: when,
      at: when.nullable(),
    }),
  ),
  reviews: z.array(
    z.object({
      version: z.number().int(),
      outcome: z.enum(['stands', 'change-needed']),
      note: z.string(),
      by: z.string(),
      at: when,
    }),
  ),
  /** Whether the one who asks could approve the newest draft, and else why not. */
  approvable: z.object({ may: z.boolean(), why: z.string() }),
});
export type DocumentDetail = z.infer<typeof documentDetail>;

/** GET /api/documents/mine : what the one who asks is to read. */
export const myDocuments = z.object({
  documents: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      kind: documentKind,
      version: z.number().int(),
      effectiveAt: when,
      currentAsAt: when,
      state: z.enum(['acknowledged', 'due', 'overdue']),
      dueAt: when,
      at: when.nullable(),
    }),
  ),
});
export type MyDocuments = z.infer<typeof myDocuments>;
/** GET /api/documents/mine/:id */
export const myDocument = z.object({
  id: z.string(),
  title: z.string(),
  kind: documentKind,
  version: z.number().int(),
  sha256: z.string(),
  text: z.string(),
  currentAsAt: when,
  approvedBy: z.string(),
  state: z.enum(['acknowledged', 'due', 'overdue']),
  dueAt: when,
  at: when.nullable(),
});
export type MyDocument = z.infer<typeof myDocument>;

/** GET /api/documents/:id/diff?from=&to= */
export const documentDiff = z.object({
  from: z.number().int(),
  to: z.number().int(),
  blocks: z.array(
    z.object({
      kind: z.enum(['same', 'added', 'removed', 'changed']),
      /** Word by word where it was changed; else one piece. */
      pieces: z.array(z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() })),
    }),
  ),
});
export type DocumentDiff = z.infer<typeof documentDiff>;
export const template = z.object({ key: z.string(), title: z.string(), text: z.string() });
