import { z } from 'zod';

const when = z.iso.datetime();
const word = (most: number) => z.string().trim().min(1).max(most);
const country = z.string().regex(/^[A-Z]{2}$/, 'Use two capital letters, like AU.');

export const networkList = z.object({
  list: z.string(),
  country: z.string(),
  origin: z.string(),
  sha256: z.string(),
  ranges: z.number().int(),
  importedAt: when,
  importedBy: z.string(),
});
export type NetworkListView = z.infer<typeof networkList>;
export const networkLists = z.object({ lists: z.array(networkList) });
/** POST /api/places/networks, text/plain: one CIDR range a line. Takes the place of the list of this name. */
export const networkImport = z.object({
  list: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'Use a-z, 0-9 and "-".'),
  country,
  /** Where the list was got from. */
  origin: word(200),
});

export const placeException = z.object({
  id: z.string(),
  person: z.string(),
  countries: z.array(z.string()),
  riskAssessment: z.string(),
  reason: z.string(),
  proposedBy: z.string(),
  agreedBy: z.string().nullable(),
  expiresAt: when,
  endedAt: when.nullable(),
  state: z.enum(['proposed', 'in-force', 'expired', 'ended']),
});
export const newPlaceException = z.object({
  person: word(100),
  countries: z.array(country).min(1).max(20),
  riskAssessment: word(200),
  reason: word(500),
  expiresAt: when,
});

export const remoteWork = z.object({
  id: z.string(),
  person: z.string(),
  policy: z.string(),
  grantedBy: z.string(),
  grantedAt: when,
  expiresAt: when,
  endedAt: when.nullable(),
});
export const newRemoteWork = z.object({ person: word(100), policy: word(200), expiresAt: when });

export const device = z.object({
  id: z.string(),
  person: z.string(),
  name: z.string(),
  managed: z.boolean(),
  posture: z.enum(['met', 'not-met', 'unknown']),
  postureCheckedAt: when.nullable(),
});
/** PUT /api/places/devices/:id */
export const deviceInput = z.object({
  person: word(100),
  name: word(120),
  managed: z.boolean(),
  posture: z.enum(['met', 'not-met', 'unknown']),
});

/** GET /api/places */
export const places = z.object({
  exceptions: z.array(placeException),
  remoteWork: z.array(remoteWork),
  devices: z.array(device),
});
export type PlacesView = z.infer<typeof places>;
