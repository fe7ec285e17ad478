import { z } from 'zod';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'Use 1 to 40 characters of a-z, 0-9 and "-".');

/** GET /api/session/issuers: where people of the community can sign in; for the sign-in page, so without secrets. */
export const issuerChoices = z.object({ issuers: z.array(z.object({ id, name: z.string() })) });
export type IssuerChoices = z.infer<typeof issuerChoices>;

/** GET /api/issuers */
export const issuer = z.object({
  id,
  name: z.string(),
  url: z.string(),
  clientId: z.string(),
  organisation: z.string(),
  strong: z.array(z.string()),
  enabled: z.boolean(),
  /** What is to be registered there. */
  redirectUri: z.string(),
  logoutUri: z.string(),
});
export type Issuer = z.infer<typeof issuer>;
export const issuerList = z.object({ issuers: z.array(issuer) });

/** POST /api/issuers: an OpenID Connect issuer, for the people of one organisation. */
export const newIssuer = z.object({
  id,
  name: z.string().trim().min(1).max(60),
  /** As the issuer names itself: its discovery document is below it. https, or http on the loopback. */
  url: z.url().max(500),
  clientId: z.string().trim().min(1).max(255),
  clientSecret: z.string().min(1).max(1000).optional(),
  organisation: z.string(),
  /** Values of `acr` or `amr`, any one of which says that two factors were checked (RFC 8176). */
  strong: z.array(z.string().min(1).max(200)).min(1).max(20).default(['mfa', 'phr', 'phrh', 'hwk']),
});
/** PATCH /api/issuers/:id; DELETE /api/issuers/:id forgets it with its links. */
export const issuerChange = z.object({ enabled: z.boolean() });
