import { z } from 'zod';

/** How a source proves who it is: exactly one way each. */
export const sourceAuthentication = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token') }),
  z.object({ kind: z.literal('basic'), username: z.string().min(1).max(120) }),
  z.object({ kind: z.literal('client-certificate'), sha256Fingerprint: z.string().regex(/^[0-9a-f]{64}$/) }),
  /** Syslog: the listener's own address and, if given, the sender's network. */
  z.object({ kind: z.literal('listener'), listener: z.string(), from: z.string().default('0.0.0.0/0') }),
]);
export type SourceAuthentication = z.infer<typeof sourceAuthentication>;

export const source = z.object({
  id: z.string(),
  name: z.string(),
  tenancy: z.string(),
  authentication: sourceAuthentication,
  /** What to take the lines for where they do not say it themselves; null: recognise. E.g. "windows", "zeek". */
  format: z.string().nullable(),
  /** A source without an event for this long raises an alert; null: never. */
  silentAfterSeconds: z.number().int().positive().nullable(),
  /** Its events are old recordings: they keep their own time, however old. */
  recorded: z.boolean(),
  state: z.enum(['active', 'paused']),
  /** From then on its token or password is nobody's; null: good until it is renewed. */
  secretExpiresAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});
export type Source = z.infer<typeof source>;

/** INVARIANT: received = stored + rejected + pending, at every moment. */
export const sourceBalance = z.object({
  source: z.string(),
  received: z.number().int(),
  stored: z.number().int(),
  rejected: z.number().int(),
  pending: z.number().int(),
  /** Not taken, because already there (same `_id`). Not part of `received`. */
  duplicates: z.number().int(),
  /** Not taken, because over capacity; the sender was told. Not part of `received`. */
  refused: z.number().int(),
  /** Stored, though no map knows their format. Part of `stored`. */
  unmapped: z.number().int(),
  eventsPerSecond: z.number(),
  lastEventAt: z.iso.datetime().nullable(),
  silent: z.boolean(),
});
export type SourceBalance = z.infer<typeof sourceBalance>;

export const sourceWithBalance = source.extend({ balance: sourceBalance });
export type SourceWithBalance = z.infer<typeof sourceWithBalance>;

/** For how many days a token or password is good. */
const secretDays = z.number().int().min(1).max(3660);

/** POST /api/sources: for token and basic the answer holds the secret, once. */
export const newSource = source
  .omit({ createdAt: true, state: true, secretExpiresAt: true })
  .partial({ format: true, silentAfterSeconds: true, recorded: true })
  .extend({ secretDays: secretDays.optional() });

/** POST /api/sources/:id/secret. Null: good until it is renewed. Left out: 365 days where the one before had an end. */
export const secretRenewal = z.object({ days: secretDays.nullable().optional() }).nullish();

export const rejectedItem = z.object({
  id: z.string(),
  source: z.string(),
  receivedAt: z.iso.datetime(),
  code: z.string(),
  reason: z.string(),
  sizeBytes: z.number().int(),
  /** The first 4,096 bytes, with invalid UTF-8 shown as U+FFFD. */
  preview: z.string(),
  replayedAt: z.iso.datetime().nullable(),
});
export type RejectedItem = z.infer<typeof rejectedItem>;

/** GET /api/sources */
export const sourceList = z.object({ sources: z.array(sourceWithBalance) });

/** What POST /api/sources and POST /api/sources/:id/secret answer: the secret (token, or password for basic) is shown this once. */
export const sourceCreated = z.object({ source, secret: z.string().nullable() });
export type SourceCreated = z.infer<typeof sourceCreated>;

/** PATCH /api/sources/:id */
export const sourceChange = z.object({
  name: z.string().trim().min(1).max(120).optional(),
  format: z.string().nullable().optional(),
  silentAfterSeconds: z.number().int().positive().nullable().optional(),
  /** Holds for what is worked on from now on; what is stored stays as it is. */
  recorded: z.boolean().optional(),
  state: z.enum(['active', 'paused']).optional(),
});

/** GET /api/sources/:id/rejected?after=&limit= : newest first. */
export const rejectedPage = z.object({
  items: z.array(rejectedItem),
  next: z.string().nullable(),
  total: z.number().int(),
});

/** POST /api/sources/:id/rejected/replay: items go through the door again; empty `ids`: all that were not replayed yet. */
export const replayRequest = z.object({ ids: z.array(z.string()).max(1000).default([]) });
export const replayResult = z.object({ replayed: z.number().int(), rejectedAgain: z.number().int() });

/** GET /api/sources/doors: where this system listens, for the instructions a page gives. `tls` where the door speaks it. */
export const doors = z.object({
  doors: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['bulk', 'syslog-udp', 'syslog-tcp', 'syslog-tls']),
      host: z.string(),
      port: z.number().int(),
      tls: z.boolean(),
    }),
  ),
});
export type Doors = z.infer<typeof doors>;
