import { z } from 'zod';

/** Roles, in the words of the people who hold them; what each may do is `permissions.ts`. */
export const role = z.enum([
  'administrator',
  'analyst',
  'shift-lead',
  'auditor',
  'customer-security-officer',
  'officer',
  'approver',
  'support-engineer',
  'member',
]);
export type Role = z.infer<typeof role>;

export const permission = z.enum([
  'alert.read',
  'alert.work',
  'event.read',
  'source.read',
  'source.manage',
  'event.send',
  'rule.read',
  'rule.manage',
  'community.read',
  'community.manage',
  'user.read',
  'user.manage',
  'user.provision',
  'token.manage',
  'ledger.read',
  'health.read',
  'agreement.read',
  'agreement.sign',
  'agreement.manage',
  'person.read',
  'person.manage',
  'clearance.read',
  'clearance.manage',
  'gate.ask',
  'gate.evaluate',
  'decision.read',
  'support.read',
  'support.request',
  'support.approve',
  'change.read',
  'change.request',
  'change.approve',
  'asset.read',
  'asset.manage',
  'governance.read',
  'governance.manage',
  'evidence.send',
  'risk.accept',
  'content.read',
  'content.manage',
  'content.trust',
]);
export type Permission = z.infer<typeof permission>;

export const tenancySummary = z.object({
  id: z.string(),
  organisation: z.string(),
  organisationName: z.string(),
  environment: z.string(),
  environmentName: z.string(),
  /** OFFICIAL or PROTECTED, as the badge shows it. */
  marking: z.string(),
  /** Two letters, stable, for the tenancy's mark. */
  mark: z.string(),
  /** The provider's own internal network in this environment. */
  internal: z.boolean(),
});
export type TenancySummary = z.infer<typeof tenancySummary>;

/** How a session was opened. A passkey resists phishing (ISM-1682); a code does not. */
export const signInMethod = z.enum(['passkey', 'password and code', 'issuer', 'break glass']);
export type SignInMethod = z.infer<typeof signInMethod>;

/**
 * GET /api/session. A call with the header `X-Background: 1` (a page that refreshes itself) leaves the idle time running:
 * send it with everything that no person asked for.
 */
export const session = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
  roles: z.array(role),
  permissions: z.array(permission),
  tenancies: z.array(tenancySummary),
  /** To be sent back as `X-CSRF-Token` on every change. */
  csrfToken: z.string(),
  idleExpiresAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  hasPasskey: z.boolean(),
  signedInWith: signInMethod,
  demo: z.boolean(),
});
export type Session = z.infer<typeof session>;

/** GET /api/setup: what the first page needs before anybody is signed in. */
export const setupState = z.object({
  phase: z.enum(['first-sign-in', 'choose', 'ready']),
  demo: z.boolean(),
  providerName: z.string().nullable(),
});
export type SetupState = z.infer<typeof setupState>;

/** At least 12 characters (NIST SP 800-63B-4, 3.1.1.2 asks 15 without and 8 with a second factor; ours always has one). */
export const password = z.string().min(12).max(256);

/** POST /api/first-sign-in: uses up the one-time link and creates the first administrator. Answers with a TOTP secret to enrol. */
export const firstSignIn = z.object({
  token: z.string().max(200),
  name: z.string().trim().min(1).max(120),
  email: z.email().max(254),
  password,
});
/** The TOTP secret is shown once; the account works after POST /api/totp/confirm, or after a passkey is registered. */
export const totpEnrolment = z.object({
  secret: z.string(),
  otpauthUrl: z.string(),
  /** To be sent as `X-CSRF-Token` with POST /api/totp/confirm, /api/passkeys/options and /api/passkeys. */
  csrfToken: z.string(),
});

/** POST /api/session/password */
export const passwordSignIn = z.object({
  email: z.string().max(254),
  password: z.string().max(256),
  code: z.string().max(12),
});

/** Why an account may not sign in, where no administrator locked it by hand. */
export const suspendedWhy = z.enum(['idle', 'unreviewed', 'review', 'deprovisioned']);
export type SuspendedWhy = z.infer<typeof suspendedWhy>;

export const user = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(role),
  organisation: z.string(),
  tenancies: z.array(z.string()),
  locked: z.boolean(),
  lastSignInAt: z.iso.datetime().nullable(),
  suspendedWhy: suspendedWhy.nullable(),
  reviewedAt: z.iso.datetime().nullable(),
});
export type User = z.infer<typeof user>;

/** POST /api/users: answers with a one-time sign-in link to hand over. */
export const newUser = z.object({
  name: z.string().trim().min(1).max(120),
  email: z.email().max(254),
  roles: z.array(role).min(1),
  organisation: z.string(),
  /** Empty: every tenancy of the organisation; for the provider: every tenancy of the community. */
  tenancies: z.array(z.string()).default([]),
});

export const apiToken = z.object({
  id: z.string(),
  name: z.string(),
  permissions: z.array(permission),
  tenancies: z.array(z.string()),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});
export type ApiToken = z.infer<typeof apiToken>;
export const newApiToken = z.object({
  name: z.string().trim().min(1).max(120),
  permissions: z.array(permission).min(1),
  tenancies: z.array(z.string()).default([]),
  days: z.number().int().min(1).max(366).default(90),
});

/** GET /api/users, GET /api/tokens */
export const userList = z.object({ users: z.array(user) });
export const tokenList = z.object({ tokens: z.array(apiToken) });
/** POST /api/users and POST /api/users/:id/link: a link to hand over, shown once (`/first-sign-in?token=…`). */
export const userCreated = z.object({ user, link: z.string() });
/** PATCH /api/users/:id */
export const userChange = z.object({
  roles: z.array(role).min(1).optional(),
  tenancies: z.array(z.string()).optional(),
  locked: z.boolean().optional(),
});
/** POST /api/tokens; DELETE /api/tokens/:id revokes. */
export const tokenCreated = z.object({ token: apiToken, secret: z.string() });
/** POST /api/totp/confirm: the account works after this; answers the session (and sets its cookie). */
export const totpConfirm = z.object({ code: z.string().regex(/^[0-9]{6}$/) });
/** What a browser's authenticator answers; @simplewebauthn/server checks every part of it. */
export const passkeyAnswer = z.looseObject({
  id: z.string().min(1).max(2048),
  rawId: z.string().max(2048),
  type: z.literal('public-key'),
  response: z.looseObject({ clientDataJSON: z.string().max(8192) }),
  clientExtensionResults: z.looseObject({}),
});
export type PasskeyAnswer = z.infer<typeof passkeyAnswer>;
/**
 * Passkeys, JSON as @simplewebauthn has it. Register: POST /api/passkeys/options, then POST /api/passkeys, which
 * answers the session (and sets its cookie, when the passkey completes an enrolment).
 * Sign in: POST /api/session/passkey/options, then POST /api/session/passkey. DELETE /api/session signs out.
 */
