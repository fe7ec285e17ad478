import { z } from 'zod';

export const agreementStateName = z.enum([
  'none',
  'invited',
  'reviewing',
  'accepted',
  'superseded-in-grace',
  'lapsed',
  'withdrawn',
  'suspended',
  'terminated',
]);
export type AgreementStateName = z.infer<typeof agreementStateName>;

/** editorial: notice only; minor: acknowledge; material: read and sign again; urgent: the same, at once. */
export const changeClass = z.enum(['editorial', 'minor', 'material', 'urgent']);
export type ChangeClass = z.infer<typeof changeClass>;

const when = z.iso.datetime();
const id = z.string().min(1).max(100);
const place = z.object({ organisation: id, environment: id });

const span = z.object({
  text: z.string(),
  bold: z.literal(true).optional(),
  italic: z.literal(true).optional(),
  code: z.literal(true).optional(),
  href: z.string().optional(),
});
const block = z.union([
  z.object({ kind: z.literal('paragraph'), spans: z.array(span) }),
  z.object({ kind: z.literal('list'), ordered: z.boolean(), items: z.array(z.array(span)) }),
]);
export type PolicyBlock = z.infer<typeof block>;
const owner = z.enum(['provider', 'customer', 'both']);
const trigger = z.union([
  z.object({ kind: z.literal('always') }),
  z.object({ kind: z.literal('before-service') }),
  z.object({ kind: z.literal('every'), days: z.number(), parameter: z.string() }),
  z.object({
    kind: z.literal('event'),
    event: z.string(),
    withinHours: z.number().nullable(),
    parameter: z.string().nullable(),
  }),
]);
const obligation = z.object({
  id: z.string(),
  owner,
  trigger,
  system: z.enum(['enforce', 'remind', 'record']),
  summary: z.string(),
});
const clause = z.object({
  id: z.string(),
  number: z.string(),
  title: z.string(),
  owner,
  only: z.array(z.string()).nullable(),
  blocks: z.array(block),
  obligations: z.array(obligation),
});
const section = z.object({
  id: z.string(),
  number: z.string(),
  title: z.string(),
  clauses: z.array(clause),
});
export type PolicySection = z.infer<typeof section>;
const terms = z.object({ noticeHours: z.number(), graceHours: z.number(), approvers: z.number() });
const matrix = z.object({
  service: z.string(),
  name: z.string(),
  rows: z.array(
    z.object({ id: z.string(), activity: z.string(), provider: z.string(), customer: z.string() }),
  ),
});
const parameter = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.enum(['hours', 'days', 'minutes']),
  about: z.string(),
});
/** What both sides see beside the clauses: numbers, notice and grace, who is responsible. */
const policyTerms = z.object({
  title: z.string(),
  preamble: z.array(block),
  parameters: z.array(parameter),
  classes: z.object({ editorial: terms, minor: terms, material: terms, urgent: terms }),
  responsibilities: z.array(matrix),
});

export const policyVersion = z.object({
  number: z.number().int(),
  title: z.string(),
  state: z.enum(['draft', 'approved', 'published']),
  changeClass,
  summary: z.string(),
  sha256: z.string(),
  sha384: z.string(),
  madeAt: when,
  madeBy: z.string(),
  approvals: z.array(z.object({ name: z.string(), at: z.string() })),
  publishedAt: when.nullable(),
  effectiveAt: when.nullable(),
  /** Who did not agree by then is without an agreement. Null: nobody has to do anything. */
  mandatoryAt: when.nullable(),
});
export type PolicyVersion = z.infer<typeof policyVersion>;
/** GET /api/agreements/versions: newest last. The provider sees drafts too. */
export const versionList = z.object({ versions: z.array(policyVersion) });
/** GET /api/agreements/versions/:number?marking= */
export const versionDetail = z.object({
  version: policyVersion,
  markings: z.array(z.string()),
  sections: z.array(section),
  terms: policyTerms,
});
export type VersionDetail = z.infer<typeof versionDetail>;
/** POST /api/agreements/versions: a draft; it takes the place of an earlier draft of the same number. */
export const newVersion = z.object({
  source: z.string().min(1).max(400_000),
  changeClass,
  summary: z.string().trim().min(1).max(500),
});
/** GET /api/agreements/template: what ships with Ironbark, to begin from. */
export const template = z.object({ sources: z.array(z.string()) });
/** POST /api/agreements/versions/:number/publication */
export const publication = z.object({ effectiveAt: when.optional() });

const piece = z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() });
/** GET /api/agreements/versions/:number/comparison?with= */
export const comparison = z.object({
  from: z.number(),
  to: z.number(),
  clauses: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      section: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
      changes: z.array(
        z.enum([
          'added',
          'removed',
          'reworded',
          'retitled',
          'moved',
          'renumbered',
          'owner',
          'markings',
          'obligations',
        ]),
      ),
      words: z.array(piece),
      owner: z.object({ before: z.string(), after: z.string() }).nullable(),
      obligations: z.array(
        z.object({ id: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
      ),
    }),
  ),
  terms: z.array(z.object({ name: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
});
export type ComparisonView = z.infer<typeof comparison>;

export const agreementState = z.object({
  state: agreementStateName,
  /** The version last agreed to. */
  version: z.number().nullable(),
  /** The version that has to be agreed to, where it is a newer one. */
  required: z.number().nullable(),
  /** In force: until when, if that is known. Not in force: since when. */
  until: when.nullable(),
  reason: z.string().nullable(),
});
export type AgreementStateView = z.infer<typeof agreementState>;

/** GET /api/agreements/versions/:number/what-if?on= */
export const whatIf = z.object({
  version: z.number(),
  mandatoryAt: when,
  /** The terms agreed to allow no earlier date; null: they do not bind (any more). */
  earliest: when.nullable(),
  effects: z.array(
    place.extend({
      name: z.string(),
      now: agreementState,
      later: agreementState,
      losesService: z.boolean(),
      why: z.string(),
    }),
  ),
});
export type WhatIfView = z.infer<typeof whatIf>;

export const acceptance = place.extend({
  id: z.string(),
  version: z.number(),
  kind: z.enum(['passkey', 'acknowledgement', 'paper']),
  at: when,
  signer: z.string(),
  office: z.string(),
  recordSha256: z.string(),
});
export type AcceptanceView = z.infer<typeof acceptance>;
export const reminder = place.extend({
  about: z.enum(['agree', 'confirm-successor']),
  deadline: when,
  daysBefore: z.number(),
  at: when,
  recipients: z.array(z.object({ name: z.string(), office: z.string() })),
});
/** GET /api/agreements: the provider sees the community, others their own organisation. */
export const agreementOverview = z.object({
  standings: z.array(
    place.extend({
      name: z.string(),
      marking: z.string(),
      state: agreementState,
      inForce: z.boolean(),
      /** By when a successor of the signer is to confirm. */
      successorBy: when.nullable(),
    }),
  ),
  acceptances: z.array(acceptance),
  reminders: z.array(reminder),
  newest: z.number().nullable(),
  /** The caller holds an appointment to sign for their organisation. */
  maySign: z.boolean(),
});
export type AgreementOverview = z.infer<typeof agreementOverview>;

/** POST /api/agreements/readings: begins, or goes on with, the newest version. */
export const newReading = z.object({ environment: id });
/** POST /api/agreements/readings/:id/sections/:section. Agreeing can't be taken back. */
export const sectionStep = z.object({ do: z.enum(['open', 'agree']) });
export const readingView = z.object({
  id: z.string(),
  version: z.number(),
  environment: z.string(),
  marking: z.string(),
  begunAt: when,
  sections: z.array(section.extend({ openedAt: when.nullable(), agreedAt: when.nullable() })),
  terms: policyTerms,
  sha256: z.string(),
});
export type ReadingView = z.infer<typeof readingView>;
/** POST /api/agreements/readings/:id/record: what is signed, and what navigator.credentials.get() is asked. */
export const preparedSignature = z.object({
  record: z.unknown(),
  digest: z.string(),
  options: z.looseObject({}),
});

/** POST /api/agreements/steps: by the provider. */
export const providerStep = place.and(
  z.union([
    z.object({ do: z.enum(['invite', 'resume']) }),
    z.object({ do: z.enum(['suspend', 'terminate']), reason: z.string().trim().min(1).max(1000) }),
  ]),
);
/** POST /api/agreements/notices: by the organisation's CIO or CISO. */
export const customerStep = z.object({ environment: id }).and(
  z.union([
    z.object({ do: z.literal('confirm') }),
    z.object({
      do: z.literal('withdraw'),
      reason: z.string().trim().min(1).max(1000),
      exitPlan: z.string().trim().min(1).max(4000),
      effectiveAt: when.optional(),
    }),
  ]),
);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'Use the SHA-256 of the file, 64 hexadecimal digits.');
/** POST /api/agreements/papers: what was signed on paper. The file itself stays where it is. */
export const newPaper = place.extend({
  version: z.number().int().positive(),
  signerName: z.string().trim().min(1).max(120),
  office: z.enum(['CIO', 'CISO']),
  signedOn: z.iso.date(),
  evidenceName: z.string().trim().min(1).max(200),
  evidenceSha256: sha256,
});
export const paper = newPaper.extend({ id: z.string(), recordedAt: when, recordedBy: z.string() });
export type PaperView = z.infer<typeof paper>;
export const paperList = z.object({ papers: z.array(paper) });
/** POST /api/agreements/papers/:id: by a second person, who holds the same file. */
export const paperSettlement = z.union([
  z.object({ do: z.literal('confirm'), sha256 }),
  z.object({ do: z.literal('refuse'), why: z.string().trim().min(1).max(500) }),
]);

/** GET /api/agreements/obligations */
export const obligationList = z.object({
  owed: z.array(
    z.object({
      place,
      clause: z.object({ id: z.string(), number: z.string(), title: z.string() }),
      obligation,
      lastDone: z.object({ at: when, by: z.string(), note: z.string() }).nullable(),
      /** Only where it comes round by the calendar. */
      dueAt: when.nullable(),
    }),
  ),
  responsibilities: z.array(matrix),
});
export type ObligationList = z.infer<typeof obligationList>;
/** POST /api/agreements/obligations: somebody says that it was done, for their own side. */
export const obligationDone = place.extend({ obligation: id, note: z.string().trim().min(1).max(500) });

/** POST /api/agreements/reminders: passes the time now, as the system does each minute. */
export const timePassed = z.object({ lapsed: z.array(place), reminded: z.array(reminder) });
