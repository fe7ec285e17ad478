import { z } from 'zod';

const when = z.iso.datetime();
const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/, 'Use 1 to 63 characters of a-z, 0-9, "_", "." and "-".');
const word = (most: number) => z.string().trim().min(1).max(most);
export const controlId = z.string().min(1).max(120);

export const profile = z.object({
  id: z.string(),
  title: z.string(),
  derived: z.boolean(),
  controls: z.number().int(),
});

export const edition = z.object({
  id: z.string(),
  framework: z.string(),
  version: z.string(),
  title: z.string(),
  /** Who wrote it, as the file says. */
  origin: z.string(),
  oscalVersion: z.string(),
  publishedAt: when.nullable(),
  /** Written for this project. */
  own: z.boolean(),
  /** What it does not carry. */
  remark: z.string(),
  importedAt: when,
  importedBy: z.string(),
  /** Controls that are assessed; principles are not. */
  controls: z.number().int(),
});
export type EditionView = z.infer<typeof edition>;

/** GET /api/frameworks */
export const frameworkList = z.object({
  editions: z.array(
    edition.extend({ usedBy: z.array(z.object({ environment: z.string(), profile: z.string() })) }),
  ),
});
export type FrameworkList = z.infer<typeof frameworkList>;

/** POST /api/frameworks/editions?name=&framework=, application/octet-stream: a catalogue, or an archive of one and its profiles. */
export const importAnswer = z.object({ edition, created: z.boolean(), notes: z.array(z.string()) });

export const editionControl = z.object({
  id: z.string(),
  assessed: z.boolean(),
  title: z.string(),
  statement: z.string(),
  path: z.array(z.string()),
  applicability: z.array(z.string()),
  e8Levels: z.array(z.string()),
  revision: z.number().int().nullable(),
  updated: z.string().nullable(),
});
/** GET /api/frameworks/editions/:id */
export const editionDetail = z.object({
  edition,
  profiles: z.array(profile),
  controls: z.array(editionControl),
});

export type EditionDetail = z.infer<typeof editionDetail>;

export const piece = z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() });
/** GET /api/frameworks/diff?from=&to= (ids of editions) */
export const editionDiff = z.object({
  from: edition,
  to: edition,
  counts: z.object({
    added: z.number().int(),
    removed: z.number().int(),
    reworded: z.number().int(),
    /** Of those, where the catalogue's revision did not change. */
    silently: z.number().int(),
    applicability: z.number().int(),
    e8Levels: z.number().int(),
    moved: z.number().int(),
    same: z.number().int(),
  }),
  added: z.array(editionControl),
  removed: z.array(editionControl),
  changed: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      path: z.array(z.string()),
      reworded: z.boolean(),
      silently: z.boolean(),
      /** Before and after; null where they are the same. */
      applicability: z.object({ before: z.array(z.string()), after: z.array(z.string()) }).nullable(),
      e8Levels: z.object({ before: z.array(z.string()), after: z.array(z.string()) }).nullable(),
      movedFrom: z.array(z.string()).nullable(),
      /** The statement, word by word; empty where it was not reworded. */
      words: z.array(piece),
    }),
  ),
});
export type EditionDiffView = z.infer<typeof editionDiff>;

export const activation = z.object({
  framework: z.string(),
  edition: z.string(),
  version: z.string(),
  title: z.string(),
  profile: z.string(),
  by: z.string(),
  at: when,
});
/** GET /api/systems/:environment/editions; suggested: the profile that goes with the environment's marking. */
export const activationList = z.object({ active: z.array(activation), suggested: z.string() });
/** PUT /api/systems/:environment/editions: roll back by naming the one before. */
export const activationInput = z.object({ edition: word(100), profile: word(100) });

export type ActivationList = z.infer<typeof activationList>;

export const tailoringChoice = z.enum(['include', 'exclude', 'as-profile']);
export const tailoring = z.object({
  control: z.string(),
  version: z.number().int(),
  choice: tailoringChoice,
  state: z.enum(['proposed', 'approved', 'refused', 'withdrawn']),
  reason: z.string(),
  proposedBy: z.string(),
  proposedAt: when,
  by: z.string(),
  note: z.string(),
  at: when,
});
export type TailoringView = z.infer<typeof tailoring>;
/** GET /api/systems/:environment/tailoring: every state, newest first. */
export const tailoringList = z.object({ tailoring: z.array(tailoring) });
/** POST /api/systems/:environment/tailoring */
export const tailoringInput = z.object({ control: controlId, choice: tailoringChoice, reason: word(2000) });
export type TailoringInput = z.infer<typeof tailoringInput>;
/** POST /api/systems/:environment/tailoring/:control/decision */
export const tailoringDecision = z.object({
  decision: z.enum(['approve', 'refuse', 'withdraw']),
  note: z.string().trim().max(2000).default(''),
});

export const mapping = z.object({
  id: z.string(),
  version: z.number().int(),
  source: z.string(),
  target: z.string(),
  relation: z.enum(['equal', 'superset', 'subset', 'intersects']),
  together: z.boolean(),
  confidence: z.enum(['high', 'medium', 'low']),
  rationale: z.string(),
  author: z.string(),
  by: z.string(),
  at: when,
});
export type MappingView = z.infer<typeof mapping>;
/** GET /api/mappings?control= */
export const mappingList = z.object({ mappings: z.array(mapping) });
/** POST /api/mappings; PUT /api/mappings/:id */
export const mappingInput = z.object({
  source: controlId,
  target: controlId,
  relation: mapping.shape.relation,
  together: z.boolean().default(false),
  confidence: mapping.shape.confidence,
  rationale: word(2000),
  author: word(120),
});
export type MappingInput = z.infer<typeof mappingInput>;

export const frameworkId = id;
