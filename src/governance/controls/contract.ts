import { z } from 'zod';
import { confidence, customerResponsibility, implementationStatus, responsibleEntity } from '../contract.ts';

const when = z.iso.datetime();
const word = (most: number) => z.string().trim().min(1).max(most);
const note = (most: number) => z.string().trim().max(most).default('');
export const controlId = z.string().min(1).max(120);

const exceptionKind = z.enum(['exception', 'risk-acceptance', 'not-applicable']);

/** One control in the list of a system: how it stands, and what is needed to find it. */
export const controlRow = z.object({
  id: z.string(),
  framework: z.string(),
  /** Where it is among `groups` of the answer. */
  group: z.number().int(),
  title: z.string(),
  statement: z.string(),
  applicability: z.array(z.string()),
  e8Levels: z.array(z.string()),
  status: implementationStatus,
  basis: z.enum(['evidence', 'answer', 'both', 'none']),
  confidence: confidence.nullable(),
  because: z.string(),
  /** Nobody can say; `because` says why. */
  unknown: z.boolean(),
  reaffirm: z.boolean(),
  responsible: responsibleEntity.nullable(),
  customer: customerResponsibility.nullable(),
  owner: z.string().nullable(),
  /** Of the newest answer, whatever words it was to; 0 where there is none. */
  version: z.number().int(),
  asOf: when.nullable(),
  expires: when.nullable(),
  exception: z
    .object({ id: z.string(), kind: z.enum(['exception', 'risk-acceptance']), until: when })
    .nullable(),
  failing: z.number().int(),
  tailored: z.enum(['included', 'excluded']).nullable(),
});
export type ControlRow = z.infer<typeof controlRow>;

/** An answer to a control that is not among the system's now: kept. */
const keptAnswer = z.object({
  control: z.string(),
  status: implementationStatus,
  narrative: z.string(),
  version: z.number().int(),
  by: z.string(),
  at: when,
});

/** GET /api/systems/:environment/controls: all of them at once. */
export const controlList = z.object({
  environment: z.string(),
  at: when,
  editions: z.array(
    z.object({ framework: z.string(), version: z.string(), title: z.string(), profile: z.string() }),
  ),
  groups: z.array(z.array(z.string())),
  controls: z.array(controlRow),
  kept: z.array(keptAnswer),
});
export type ControlList = z.infer<typeof controlList>;

export const answer = z.object({
  version: z.number().int(),
  /** The words it was to are those of now. */
  current: z.boolean(),
  status: implementationStatus,
  responsible: responsibleEntity.nullable(),
  customer: customerResponsibility.nullable(),
  narrative: z.string(),
  rests: z.enum(['evidence', 'attested']),
  evaluators: z.array(z.string()),
  reviewBy: when.nullable(),
  reliedUpon: z.object({ party: z.string(), status: implementationStatus }).nullable(),
  owner: z.object({ id: z.string(), name: z.string() }).nullable(),
  change: z.enum(['answered', 'reaffirmed', 'imported']),
  by: z.string(),
  at: when,
});
export type AnswerView = z.infer<typeof answer>;

export const exception = z.object({
  id: z.string(),
  version: z.number().int(),
  control: z.string(),
  kind: exceptionKind,
  state: z.enum(['requested', 'approved', 'refused', 'withdrawn', 'ended', 'lapsed']),
  /** Approved, and its end has not come. */
  inForce: z.boolean(),
  reason: z.string(),
  compensating: z.string(),
  ceiling: z.object({
    level: z.enum(['low', 'medium', 'high', 'extreme']).nullable(),
    probability: z.number().nullable(),
  }),
  until: when,
  requestedBy: z.string(),
  requestedAt: when,
  approvedBy: z.string().nullable(),
  approvedOffice: z.string().nullable(),
  approvedAt: when.nullable(),
  by: z.string(),
  note: z.string(),
  at: when,
});
export type ExceptionView = z.infer<typeof exception>;

const standingChange = z.object({
  control: z.string(),
  /** Null: it is no longer among the system's controls. */
  status: implementationStatus.nullable(),
  before: implementationStatus.nullable(),
  because: z.string(),
  reaffirm: z.boolean(),
  at: when,
});
export type StandingChangeView = z.infer<typeof standingChange>;

/** GET /api/systems/:environment/controls/:control */
export const controlDetail = z.object({
  control: controlRow.extend({
    label: z.string(),
    path: z.array(z.string()),
    guidance: z.string(),
    edition: z.string(),
    revision: z.number().int().nullable(),
    updated: z.string().nullable(),
    tailoring: z.object({ reason: z.string(), approvedBy: z.string(), at: when }).nullable(),
  }),
  wouldSettle: z.array(z.string()),
  /** Controls of other frameworks that it stands by. */
  through: z.array(z.string()),
  failing: z.array(z.object({ subject: z.string(), why: z.string(), due: when.nullable() })),
  evidence: z.array(
    z.object({
      evaluator: z.string(),
      status: z.enum(['satisfied', 'not-satisfied', 'unknown']),
      confidence: confidence.nullable(),
      because: z.string(),
      tested: z.number().int().nullable(),
      of: z.number().int().nullable(),
      failed: z.number().int().nullable(),
      collections: z.array(z.string()),
      judgedAt: when,
      validUntil: when,
    }),
  ),
  /** The one that counts, or that waits to be affirmed again. */
  answer: answer.nullable(),
  answers: z.array(answer),
  exceptions: z.array(exception),
  changes: z.array(standingChange),
  mappings: z.array(
    z.object({
      control: z.string(),
      /** to: the other answers this one. from: this one answers the other. */
      direction: z.enum(['to', 'from']),
      relation: z.enum(['equal', 'superset', 'subset', 'intersects']),
      together: z.boolean(),
      confidence: z.enum(['high', 'medium', 'low']),
      rationale: z.string(),
      author: z.string(),
    }),
  ),
});
export type ControlDetail = z.infer<typeof controlDetail>;

const answerFields = {
  status: implementationStatus,
  narrative: note(10_000),
  /** evidence: evaluators have to see it; attested: somebody says so, until `reviewBy`. */
  rests: z.enum(['evidence', 'attested']).default('attested'),
  /** Which evaluators; empty for all there are. */
  evaluators: z.array(word(120)).max(50).default([]),
  /** Left out: in a year. */
  reviewBy: when.nullable().default(null),
  reliedUpon: z
    .object({ party: word(120), status: implementationStatus })
    .nullable()
    .default(null),
  /** A person of the provider's, by id. */
  owner: z.string().max(100).nullable().default(null),
  responsible: responsibleEntity.nullable().default(null),
  customer: customerResponsibility.nullable().default(null),
};
/** PUT /api/systems/:environment/controls/:control/answer: the whole answer; what was before stays in the history. */
export const answerInput = z.object({
  ...answerFields,
  /** The version it comes after: refused where somebody answered since. Left out: whatever there is. */
  after: z.number().int().min(0).optional(),
});
export type AnswerInput = z.infer<typeof answerInput>;

/** POST /api/systems/:environment/answers: what is given is set on each, the rest of each stays. All or none. */
export const bulkInput = z.object({
  controls: z.array(controlId).min(1).max(5000),
  set: z
    .object({
      status: implementationStatus,
      narrative: z.string().trim().max(10_000),
      rests: z.enum(['evidence', 'attested']),
      reviewBy: when.nullable(),
      owner: z.string().max(100).nullable(),
      responsible: responsibleEntity.nullable(),
      customer: customerResponsibility.nullable(),
    })
    .partial()
    .refine((set) => Object.keys(set).length > 0, 'Say what is to be set.'),
});
export type BulkInput = z.infer<typeof bulkInput>;

/** POST /api/systems/:environment/reaffirmations: the same answer to the new words. All or none. */
export const reaffirmInput = z.object({
  controls: z
    .array(
      z.object({
        control: controlId,
        /** The answer that was looked at. */ version: z.number().int().min(1),
      }),
    )
    .min(1)
    .max(5000),
});
export type ReaffirmInput = z.infer<typeof reaffirmInput>;

/** What became of each control, in the order given. */
export const rowReport = z.object({
  applied: z.boolean(),
  dryRun: z.boolean(),
  rows: z.number().int(),
  set: z.number().int(),
  unchanged: z.number().int(),
  refused: z.number().int(),
  report: z.array(
    z.object({
      /** The line of the file it starts at, from 1; for what came otherwise, its place in the list. */
      line: z.number().int(),
      control: z.string(),
      outcome: z.enum(['set', 'unchanged', 'refused']),
      why: z.array(z.string()),
    }),
  ),
});
export type RowReport = z.infer<typeof rowReport>;

/** GET /api/systems/:environment/exceptions */
export const exceptionList = z.object({ exceptions: z.array(exception) });
/** POST /api/systems/:environment/exceptions */
export const exceptionInput = z.object({
  control: controlId,
  kind: exceptionKind,
  reason: word(4000),
  compensating: note(4000),
  ceiling: z
    .object({
      level: z.enum(['low', 'medium', 'high', 'extreme']).nullable().default(null),
      probability: z.number().min(0).max(1).nullable().default(null),
    })
    .default({ level: null, probability: null }),
  until: when,
});
export type ExceptionInput = z.infer<typeof exceptionInput>;
/** POST /api/systems/:environment/exceptions/:id/decision (approve, refuse), .../end (withdraw, end) */
export const exceptionDecision = z.object({ decision: z.enum(['approve', 'refuse']), note: note(2000) });
export const exceptionEnd = z.object({ note: word(2000) });

const counts = z.record(implementationStatus, z.number().int());
/** GET /api/systems/:environment/posture?since= */
export const posture = z.object({
  environment: z.string(),
  name: z.string(),
  marking: z.string(),
  at: when,
  since: when,
  frameworks: z.array(
    z.object({
      framework: z.string(),
      version: z.string(),
      title: z.string(),
      profile: z.string(),
      controls: z.number().int(),
      counts,
      /** Of the rest: nobody can say. */
      unknown: z.number().int(),
      reaffirm: z.number().int(),
      /** The age of what it rests on: the oldest. */
      oldest: when.nullable(),
    }),
  ),
  exceptions: z.object({ inForce: z.number().int(), requested: z.number().int(), lapsed: z.number().int() }),
  changes: z.array(standingChange),
  /** How many changes there are since, arrivals left out; `changes` has the newest 500. */
  changed: z.number().int(),
  trend: z.array(z.object({ at: when, counts })),
});
export type Posture = z.infer<typeof posture>;

/** GET /api/systems/:environment/changes?since=&limit= */
export const changeList = z.object({ changes: z.array(standingChange) });

/** GET /api/systems/:environment/upgrade?edition=&profile=: what activating it would do to what was answered. */
export const upgrade = z.object({
  /** Controls that come, and were never answered with these words. */
  added: z.array(z.string()),
  /** Controls that go; answered ones are kept. */
  removed: z.array(z.object({ control: z.string(), answered: z.boolean() })),
  /** Answers that will wait to be affirmed again. */
  reaffirm: z.array(z.object({ control: z.string(), status: implementationStatus })),
  /** Answers that stand as they are. */
  stands: z.number().int(),
});
export type Upgrade = z.infer<typeof upgrade>;

/** GET /api/tenancies/:tenancy/responsibilities: what is left to a customer, control by control. */
export const responsibilityList = z.object({
  tenancy: z.string(),
  environment: z.string(),
  controls: z.array(
    z.object({
      control: z.string(),
      title: z.string(),
      statement: z.string(),
      responsible: responsibleEntity.nullable(),
      responsibility: customerResponsibility.nullable(),
      /** Set for this tenancy; otherwise it is as for all. */
      own: z.boolean(),
      note: z.string(),
    }),
  ),
});
export type ResponsibilityList = z.infer<typeof responsibilityList>;
/** PUT /api/tenancies/:tenancy/responsibilities/:control; null: as for all. */
export const responsibilityInput = z.object({
  responsibility: customerResponsibility.nullable(),
  note: note(2000),
});
