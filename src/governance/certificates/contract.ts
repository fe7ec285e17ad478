import { z } from 'zod';

const when = z.iso.datetime();
const word = (most: number) => z.string().trim().min(1).max(most);
const words = z.array(word(200)).max(200).default([]);

export const scheme = z.enum(['irap', 'iso-27001', 'hosting', 'other']);
export type Scheme = z.infer<typeof scheme>;
/** SOURCE: Hosting Certification Framework. */
export const hostingLevel = z.enum(['certified-strategic', 'certified-assured', 'uncertified']);

export const condition = z.object({
  id: z.string(),
  text: z.string(),
  dueAt: when,
  doneAt: when.nullable(),
  doneNote: z.string().nullable(),
});

const scope = z.object({
  statement: word(10_000),
  environments: words,
  /** Ids or names of services. */
  services: words,
  sites: words,
  /** Ids or names of information assets. */
  assets: words,
});
const assessor = z.object({
  organisation: word(200),
  name: z.string().trim().max(200).default(''),
  /** Their number with the scheme, where it has one. */
  number: z.string().trim().max(100).default(''),
});
const edition = z.object({ framework: word(63), version: word(60) });

export const certificateAbout = z.object({
  title: word(200),
  /** As the scheme numbers it; IRAP reports have none of their own. */
  number: z.string().trim().max(100).default(''),
  /** Up to which classification it was assessed: PROTECTED. */
  classification: z.string().trim().max(60).default(''),
  level: hostingLevel.nullable().default(null),
  scope,
  assessor,
  /** What it was assessed against. */
  edition: edition.nullable().default(null),
  issuedAt: when,
  expiresAt: when.nullable().default(null),
  /** How often the assessor comes back; null where nobody does. ISO certificates: 12. */
  surveillanceMonths: z.int().min(1).max(60).nullable().default(null),
  surveyedAt: when.nullable().default(null),
  conditions: z.array(condition).max(500).default([]),
});
export type CertificateAbout = z.infer<typeof certificateAbout>;

const given = certificateAbout.omit({ conditions: true, surveyedAt: true });
/** POST /api/certificates */
export const newCertificate = given.extend({ scheme });
export type NewCertificate = z.infer<typeof newCertificate>;
/** PUT /api/certificates/:id: the whole of it; what was before stays in the history. */
export const certificateInput = given.extend({ note: word(500) });
export type CertificateInput = z.infer<typeof certificateInput>;
/** POST /api/certificates/:id/conditions */
export const newCondition = z.object({ text: word(2000), dueAt: when });
/** POST /api/certificates/:id/conditions/:condition/completion */
export const completion = z.object({ note: word(2000) });
/** POST /api/certificates/:id/surveillance */
export const surveillance = z.object({ at: when, note: word(2000) });
/** POST /api/certificates/:id/withdrawal */
export const withdrawal = z.object({ reason: word(500) });
/** POST /api/certificates/changes */
export const newSignificantChange = z.object({ environment: word(63), what: word(2000), at: when });

export const warning = z.object({
  code: z.enum([
    'not-begun',
    'expired',
    'expires',
    'reassessment-due',
    'reassessment-overdue',
    'surveillance-due',
    'surveillance-overdue',
    'condition-due',
    'condition-overdue',
    'environment-gone',
    'service-outside',
    'service-gone',
    'asset-outside',
    'asset-gone',
    'site-outside',
    'edition-newer',
    'significant-change',
    'uncertified',
    'report-missing',
  ]),
  /** notice: plan it; warning: act now; breach: it does not hold any more as it is written. */
  severity: z.enum(['notice', 'warning', 'breach']),
  text: z.string(),
  /** What to do. */
  remedy: z.string(),
  /** What it is about: a service, a condition. */
  subject: z.string().nullable(),
  dueAt: when.nullable(),
});
export type Warning = z.infer<typeof warning>;

export const certificateState = z.enum(['in-force', 'not-begun', 'expired', 'withdrawn']);

export const certificateView = certificateAbout.extend({
  id: z.string(),
  scheme,
  state: certificateState,
  /** The earliest day on which it ends or is to be done again. */
  endsAt: when.nullable(),
  nextSurveillanceAt: when.nullable(),
  report: z.object({ name: z.string(), sha256: z.string(), bytes: z.number().int(), at: when }).nullable(),
  withdrawnAt: when.nullable(),
  withdrawnWhy: z.string().nullable(),
  warnings: z.array(warning),
});
export type CertificateView = z.infer<typeof certificateView>;

export const significantChange = z.object({
  id: z.string(),
  environment: z.string(),
  what: z.string(),
  at: when,
  by: z.string(),
});

/** GET /api/certificates */
export const certificateList = z.object({
  certificates: z.array(certificateView),
  /** By system, which scheme holds for it now. */
  coverage: z.array(
    z.object({
      environment: z.string(),
      name: z.string(),
      marking: z.string(),
      schemes: z.array(z.object({ scheme, certificate: z.string().nullable() })),
      /** What a scope can name here. */
      services: z.array(z.object({ id: z.string(), name: z.string() })),
    }),
  ),
  changes: z.array(significantChange),
  now: when,
});
export type CertificateList = z.infer<typeof certificateList>;

/** GET /api/certificates/:id */
export const certificateDetail = certificateView.extend({
  history: z.array(
    z.object({ what: z.string(), note: z.string(), by: z.string(), at: when, about: certificateAbout }),
  ),
});
export type CertificateDetail = z.infer<typeof certificateDetail>;
