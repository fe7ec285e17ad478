import { z } from 'zod';

const at = z.iso.datetime();
export const sessionState = z.enum([
  'requested',
  'customer-approved',
  'provider-approved',
  'live',
  'ended',
  'summarised',
  'countersigned',
  'refused',
  'expired',
  'cancelled',
]);
export type SessionState = z.infer<typeof sessionState>;
export const sessionKind = z.enum(['planned', 'break-glass']);

/** A machine that may be reached: its address, the account there, and the one host key that it may show. */
export const supportSystem = z.object({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'Use 1 to 31 of a-z, 0-9 and "-" for the system\'s name.'),
  host: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9.:-]{0,252}$/, 'Use a host name or an address.'),
  port: z.number().int().min(1).max(65_535).default(22),
  account: z.string().regex(/^[a-z_][a-z0-9_.-]{0,31}$/, 'Use the name of an account on that system.'),
  /** As `ssh-keygen -lf` shows it. */
  hostKey: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'Use the fingerprint that "ssh-keygen -lf" shows: SHA256:…'),
});
export type SupportSystem = z.infer<typeof supportSystem>;

/** POST /api/support/sessions. Minutes: at most 240, for break glass at most 60. */
export const newSession = z.object({
  kind: sessionKind.default('planned'),
  tenancy: z.string().max(63),
  reason: z.string().trim().min(10, 'Say in a sentence what is to be done and why.').max(2000),
  ticket: z.string().trim().max(120).nullable().default(null),
  minutes: z.number().int().min(1).max(240),
  systems: z.array(supportSystem).min(1).max(10),
  /** User ids, of the provider's people. */
  engineers: z.array(z.string().max(64)).min(1).max(5),
  /** Keeps what is typed too. It may hold passwords, so it is off unless asked for. */
  recordInput: z.boolean().default(false),
});
export type NewSession = z.input<typeof newSession>;

const person = z.object({ id: z.string(), name: z.string() });
const approval = z.object({
  by: person,
  office: z.string(),
  at,
  /** The standing emergency approval that stood in, if any. */
  standing: z.string().nullable(),
  /** SHA-256 of the record that was signed, hex. */
  digest: z.string(),
});

export const side = z.enum(['customer', 'provider', 'engineer']);
/** What the reader may do now. */
export const may = z.enum([
  'approve',
  'refuse',
  'cancel',
  'connect',
  'end',
  'summarise',
  'countersign',
  'review',
]);
export type May = z.infer<typeof may>;

export const supportSession = z.object({
  id: z.string(),
  tenancy: z.string(),
  organisation: z.string(),
  environment: z.string(),
  kind: sessionKind,
  state: sessionState,
  reason: z.string(),
  ticket: z.string().nullable(),
  minutes: z.number().int(),
  systems: z.array(supportSystem),
  recordInput: z.boolean(),
  requester: person,
  engineers: z.array(person),
  requestedAt: at,
  expiresAt: at,
  /** SHA-256 of the canonical request: what the approvals are bound to. */
  digest: z.string(),
  customerApproval: approval.nullable(),
  providerApproval: approval.nullable(),
  startedAt: at.nullable(),
  endsAt: at.nullable(),
  endedAt: at.nullable(),
  /** `detail` is the provider's to see. */
  end: z
    .object({ by: z.string(), code: z.string(), reason: z.string(), detail: z.string().nullable() })
    .nullable(),
  summary: z
    .object({
      by: person,
      at,
      /** What was changed, in the engineer's words. */
      changed: z.string(),
      seconds: z.number().int(),
      commands: z.array(z.object({ at, engineer: z.string(), system: z.string(), command: z.string() })),
      recordings: z.number().int(),
    })
    .nullable(),
  countersignature: approval.nullable(),
  reviewDueAt: at.nullable(),
  reviewOverdue: z.boolean(),
  review: z.object({ by: person, office: z.string(), at, finding: z.string() }).nullable(),
  /** Who is waited for now, and how long each side was waited for so far. */
  waiting: z.object({ on: side, since: at }).nullable(),
  waitedSeconds: z.object({ customer: z.number(), provider: z.number(), engineer: z.number() }),
  may: z.array(may),
  /** Why the reader, who could else approve, may not. */
  mayNotApprove: z.string().nullable(),
});
export type SupportSession = z.infer<typeof supportSession>;

export const recording = z.object({
  number: z.number().int(),
  engineer: person,
  system: z.string(),
  kind: z.enum(['shell', 'exec']),
  command: z.string().nullable(),
  address: z.string(),
  startedAt: at,
  endedAt: at.nullable(),
  chunks: z.number().int(),
  bytes: z.number().int(),
});
export type Recording = z.infer<typeof recording>;

/** GET /api/support/sessions?state=&tenancy= */
export const sessionQuery = z.object({
  state: sessionState.optional(),
  tenancy: z.string().max(63).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export const sessionList = z.object({ sessions: z.array(supportSession) });
/** GET /api/support/sessions/:id */
export const sessionDetail = supportSession.extend({ recordings: z.array(recording) });
export type SessionDetail = z.infer<typeof sessionDetail>;

/** What a passkey is asked to sign: the record as text, its SHA-256, and what navigator.credentials.get() takes. */
export const toSign = z.object({
  record: z.string(),
  digest: z.string(),
  offeredAt: at,
  options: z.looseObject({}),
});
export type ToSign = z.infer<typeof toSign>;
const answer = z.looseObject({
  id: z.string().min(1).max(2048),
  rawId: z.string().max(2048),
  type: z.literal('public-key'),
  response: z.looseObject({ clientDataJSON: z.string().max(8192) }),
  clientExtensionResults: z.looseObject({}),
});
/** POST …/approval, …/countersignature: the answer to `toSign`, with its own `offeredAt`. */
export const signed = z.object({ offeredAt: at, answer });
export type Signed = z.infer<typeof signed>;

export const withReason = z.object({ reason: z.string().trim().min(3).max(500) });

/** POST /api/support/sessions/:id/certificate: the public key as in a .pub file. Starts the session. */
export const certificateRequest = z.object({ publicKey: z.string().min(20).max(2000) });
export const certificateIssued = z.object({
  /** For the file beside the private key: `<key>-cert.pub`. */
  certificate: z.string(),
  expiresAt: at,
  gateway: z.object({ host: z.string(), port: z.number().int(), knownHosts: z.string() }),
  /** One for each system: `ssh -p … <login>@<gateway>`. */
  logins: z.array(z.object({ system: z.string(), login: z.string() })),
});
export type CertificateIssued = z.infer<typeof certificateIssued>;

/** POST …/summary */
export const newSummary = z.object({ changed: z.string().trim().min(3).max(4000) });
/** POST …/review */
export const newReview = z.object({ finding: z.string().trim().min(10).max(4000) });

export const standing = z.object({
  id: z.string(),
  tenancy: z.string(),
  by: person,
  office: z.string(),
  givenAt: at,
  expiresAt: at,
  withdrawnAt: at.nullable(),
});
export type Standing = z.infer<typeof standing>;
/** POST /api/support/standing/options and POST /api/support/standing (with the answer). At most 365 days. */
export const newStanding = z.object({ tenancy: z.string().max(63), days: z.number().int().min(1).max(365) });
export const signedStanding = newStanding.extend(signed.shape);
export const standingList = z.object({ standing: z.array(standing) });

export const notice = z.object({
  id: z.string(),
  session: z.string(),
  tenancy: z.string(),
  organisation: z.string(),
  office: z.string(),
  text: z.string(),
  at,
  seenAt: at.nullable(),
  seenBy: z.string().nullable(),
});
export type Notice = z.infer<typeof notice>;
export const noticeList = z.object({ notices: z.array(notice) });

/** GET /api/support/seen: who of another organisation saw what, newest first. */
export const seen = z.object({
  seen: z.array(
    z.object({
      at,
      tenancy: z.string(),
      who: z.string(),
      organisation: z.string(),
      what: z.enum(['alerts', 'events', 'support-session', 'playback']),
      /** The session, where there is one. */
      session: z.string().nullable(),
      detail: z.string(),
    }),
  ),
});
export type Seen = z.infer<typeof seen>;

/** GET /api/support/gateway: what a target's sshd must trust, and where engineers connect. */
export const gatewayFacts = z.object({
  listening: z.boolean(),
  host: z.string(),
  port: z.number().int(),
  hostKey: z.string(),
  /** The line for TrustedUserCAKeys on each system that is supported. */
  targetAuthority: z.string(),
});
export const engineerList = z.object({ engineers: z.array(person) });

/** GET …/recordings/:number. Refused with `recording-broken` when a chunk is missing, changed or moved. */
export const playbackQuery = z.object({ as: z.enum(['asciicast', 'text']).default('asciicast') });
