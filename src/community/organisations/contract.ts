import { z } from 'zod';

const id = z.string().min(1).max(100);
const word = (most: number) => z.string().trim().min(1).max(most);
const when = z.iso.datetime();
const day = z.iso.date();

/** Where a tenancy stands, in the order of its life. */
export const tenancyState = z.enum(['invited', 'commencing', 'active', 'suspended', 'leaving', 'left']);
export type TenancyLife = z.infer<typeof tenancyState>;

export const eligibilityBasis = z.enum(['government', 'critical-industry', 'supplier']);
export type EligibilityBasis = z.infer<typeof eligibilityBasis>;

export const office = z.enum(['cio', 'ciso', 'coo', 'security-officer', 'approver', 'risk-owner']);
export type Office = z.infer<typeof office>;

/** Severity of an incident, as the reporting matrix sorts its contacts. */
export const severity = z.enum(['critical', 'high', 'medium', 'low']);
export type ContactSeverity = z.infer<typeof severity>;

/** letter: of appointment, signed by the agency's head; call-back: to a number got out of band; officer: a verified one says so. */
export const evidenceKind = z.enum(['letter', 'officer', 'call-back', 'delegation']);
export type EvidenceKind = z.infer<typeof evidenceKind>;

export const person = z.object({
  id,
  organisation: z.string(),
  name: z.string(),
  email: z.string(),
  userId: z.string().nullable(),
  startedAt: when,
  endedAt: when.nullable(),
  endedReason: z.string().nullable(),
  screenedUntil: when.nullable(),
  baselineUntil: when.nullable(),
});
export const personList = z.object({ people: z.array(person) });

/** POST /api/people-of-organisations */
export const newPerson = z.object({
  organisation: id,
  name: word(120),
  email: z.email().max(254),
  screenedUntil: day.optional(),
  baselineUntil: day.optional(),
});
export const personChange = z
  .object({
    name: word(120).optional(),
    /** The day until which employment screening is attested; null takes the attestation back. */
    screenedUntil: day.nullable().optional(),
    /** As above, for a Baseline clearance that the organisation attests. */
    baselineUntil: day.nullable().optional(),
    /** Links the account with the same e-mail address, or unlinks it. The provider's people only. */
    account: z.enum(['link', 'unlink']).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'Say what is to change.');
export const ending = z.object({ reason: word(500) });

const verification = z.object({
  name: z.string(),
  standing: z.enum(['staff', 'officer']),
  note: z.string(),
  at: when,
});
export const appointmentState = z.enum(['proposed', 'in-force', 'expired', 'ended']);
export const appointment = z.object({
  id,
  organisation: z.string(),
  person: z.object({ id, name: z.string() }),
  office,
  evidenceKind,
  evidence: z.string(),
  mayDelegate: z.boolean(),
  delegatedFrom: z.string().nullable(),
  state: appointmentState,
  proposedBy: z.string(),
  proposedAt: when,
  inForceSince: when.nullable(),
  expiresAt: when.nullable(),
  endedAt: when.nullable(),
  endedReason: z.string().nullable(),
  verifications: z.array(verification),
  /** How many more have to verify it; 0 once it is in force. */
  wanting: z.number().int(),
});
export type AppointmentView = z.infer<typeof appointment>;
export const appointmentList = z.object({ appointments: z.array(appointment) });
export const newAppointment = z.object({
  person: id,
  office,
  evidenceKind: evidenceKind.exclude(['delegation']),
  /** Where the evidence lies: a file's number; for a call-back, the number and where it was got from. */
  evidence: word(500),
  months: z.number().int().min(1).max(24).default(12),
  mayDelegate: z.boolean().default(false),
});
export const newVerification = z.object({ note: word(500) });
export const newDelegation = z.object({ person: id, until: when, reason: word(500) });

export const contact = z.object({
  id,
  organisation: z.string(),
  severity,
  topic: z.string(),
  rank: z.number().int(),
  name: z.string(),
  phone: z.string(),
  email: z.string(),
  confirmedAt: when,
  confirmedBy: z.string(),
  /** When it has to be confirmed again. */
  dueAt: when,
});
/** missing: a severity without anybody; warning: not confirmed in time; blocking: so late that nothing new is provisioned. */
export const contactStanding = z.enum(['fresh', 'warning', 'blocking', 'missing']);
export const contactList = z.object({
  contacts: z.array(contact),
  standing: contactStanding,
  why: z.string(),
});
export const contactInput = z.object({
  severity,
  /** Left empty: whatever it is about. */
  topic: z.string().trim().max(60).default(''),
  rank: z.number().int().min(1).max(20),
  name: word(120),
  phone: z
    .string()
    .trim()
    .regex(/^\+?[0-9 ()-]{6,24}$/, 'Use digits, spaces, brackets and dashes, like +61 2 5550 1234.'),
  email: z.email().max(254),
});
/** PUT /api/organisations/:id/contacts: the whole matrix at once; each of its contacts counts as confirmed. */
export const contactMatrix = z.object({ contacts: z.array(contactInput).max(200) });

export const service = z.object({ id, name: z.string(), about: z.string(), offered: z.boolean() });
export const serviceCatalogue = z.object({ services: z.array(service) });
export const serviceInput = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'Use a-z, 0-9 and "-".'),
  name: word(80),
  about: z.string().trim().max(300).default(''),
  offered: z.boolean().default(true),
});
export const consumed = z.object({ services: z.array(z.string().max(40)).max(100) });

export const condition = z.object({
  id: z.string(),
  name: z.string(),
  about: z.string(),
  metBy: z.enum(['evidence', 'eligibility', 'contacts', 'offices', 'agreement']),
  /** Unknown is not met: nothing that could tell answered. */
  standing: z.enum(['met', 'unmet', 'unknown']),
  detail: z.string(),
  at: when.nullable(),
  by: z.string().nullable(),
});
export type ConditionView = z.infer<typeof condition>;
export const newEvidence = z.object({ evidence: word(500) });

export const agreementSlot = z.object({
  state: z.string(),
  version: z.string().nullable(),
  until: when.nullable(),
});
export type AgreementSlot = z.infer<typeof agreementSlot>;

export const tenancyView = z.object({
  id: z.string(),
  organisation: z.string(),
  environment: z.string(),
  marking: z.string(),
  internal: z.boolean(),
  state: tenancyState,
  since: when,
  retainedUntil: when.nullable(),
  services: z.array(z.string()),
  /** Null: nobody who could tell is there. */
  agreement: agreementSlot.nullable(),
});
/** GET /api/organisations */
export const organisationSummary = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['provider', 'customer', 'partner']),
  abn: z.string().nullable(),
  eligibility: z.object({
    basis: eligibilityBasis.nullable(),
    evidence: z.string().nullable(),
    reviewedAt: when.nullable(),
    /** Reviewed within a year. */
    current: z.boolean(),
  }),
  tenancies: z.array(tenancyView),
  people: z.number().int(),
  contacts: contactStanding,
});
export type OrganisationSummary = z.infer<typeof organisationSummary>;
export const organisationList = z.object({ organisations: z.array(organisationSummary) });
/** GET /api/organisations/:id */
export const organisationDetail = organisationSummary.extend({
  conditions: z.array(z.object({ tenancy: z.string(), conditions: z.array(condition) })),
  history: z.array(
    z.object({
      tenancy: z.string(),
      from: tenancyState,
      to: tenancyState,
      reason: z.string(),
      by: z.string(),
      at: when,
    }),
  ),
});
export type OrganisationDetail = z.infer<typeof organisationDetail>;

/** PATCH /api/organisations/:id: recording a basis counts as its review. */
export const organisationChange = z
  .object({
    /** Eleven digits, with or without spaces. */
    abn: z.string().max(20).nullable().optional(),
    eligibility: z.object({ basis: eligibilityBasis, evidence: word(500) }).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'Say what is to change.');
/** POST /api/tenancies/:id/state */
export const lifeChange = z.object({ to: tenancyState, reason: word(500) });

/** GET /api/community/due: what is to be done soon, soonest first. */
export const dueItem = z.object({
  kind: z.enum(['appointment', 'contacts', 'eligibility', 'retention', 'condition', 'screening']),
  organisation: z.string(),
  subject: z.string(),
  /** What to do, in a sentence. */
  text: z.string(),
  dueAt: when.nullable(),
  late: z.boolean(),
});
export type DueItem = z.infer<typeof dueItem>;
export const dueList = z.object({ due: z.array(dueItem) });
