import { z } from 'zod';

const when = z.iso.datetime();

export const contentPack = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  version: z.string(),
  sha256: z.string(),
  origin: z.string(),
  importedAt: when,
  importedBy: z.string(),
  files: z.number().int(),
  bytes: z.number().int(),
  active: z.boolean(),
  signature: z.object({
    /** 'unknown-key': signed by a key that was trusted when it came, and is not any more. */
    state: z.enum(['signed', 'plain', 'shipped', 'unknown-key']),
    key: z.string().nullable(),
    keyName: z.string().nullable(),
    signedAt: when.nullable(),
  }),
  /** Made before a version that is or was active: an old one that came again, perhaps. */
  older: z.boolean(),
  /** What its kind read in it, as `{ rules: 12 }`. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type ContentPack = z.infer<typeof contentPack>;

export const contentKind = z.object({ kind: z.string(), title: z.string() });

export const trustedKey = z.object({
  id: z.string(),
  name: z.string(),
  algorithm: z.enum(['Ed25519', 'ES384']),
  publicKey: z.string(),
  /** Null for a key of the configuration. */
  addedAt: when.nullable(),
  addedBy: z.string().nullable(),
});
export type TrustedKey = z.infer<typeof trustedKey>;

/** GET /api/content */
export const contentList = z.object({
  packs: z.array(contentPack),
  kinds: z.array(contentKind),
  keys: z.array(trustedKey),
  /** Whether packs that nobody signed are taken. */
  plain: z.enum(['allowed', 'refused']),
  /** Where packs may be fetched from by the server. */
  mirrors: z.array(z.string()),
});
export type ContentList = z.infer<typeof contentList>;

const kind = z.string().max(63).optional();
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'Use 1 to 63 characters of a-z, 0-9, ".", "_" and "-".')
  .optional();
const version = z.string().trim().min(1).max(60).optional();

/** POST /api/content/packs with a file or an archive as the body (application/octet-stream). */
export const packQuery = z.object({
  /** What the file was called. */
  file: z.string().trim().min(1).max(255).default('pack'),
  kind,
  name,
  version,
  activate: z.enum(['true', 'false']).default('false'),
  older: z.enum(['true', 'false']).default('false'),
});
/** POST /api/content/downloads: the server fetches it, from a mirror of its configuration. */
export const download = z.object({
  url: z.url().max(2000),
  kind,
  name,
  version,
  activate: z.boolean().default(false),
  older: z.boolean().default(false),
});

export const contentFault = z.object({
  file: z.string(),
  line: z.number().int().optional(),
  what: z.string(),
  why: z.string(),
});

/** The answer to both: the pack, and what of it is not used. */
export const addedPack = contentPack.extend({ there: z.boolean(), faults: z.array(contentFault) });
export type AddedPack = z.infer<typeof addedPack>;

/** GET /api/content/packs/:id */
export const packDetail = contentPack.extend({
  content: z.array(z.object({ path: z.string(), sha256: z.string(), bytes: z.number().int() })),
  faults: z.array(contentFault),
  /** Of all versions of the name, newest first. */
  activations: z.array(z.object({ version: z.string(), packId: z.string(), at: when, by: z.string() })),
});
export type PackDetail = z.infer<typeof packDetail>;

/** GET /api/content/packs/:id/diff?with= : from `with` to this one. */
export const packDiff = z.object({
  from: contentPack,
  to: contentPack,
  files: z.array(z.object({ change: z.enum(['added', 'removed', 'changed']), path: z.string() })),
  /** In the words of the kind; null where the kind has none. Capped: `more` were left off. */
  changes: z
    .array(
      z.object({
        change: z.enum(['added', 'removed', 'changed']),
        id: z.string(),
        title: z.string(),
        why: z.string().optional(),
      }),
    )
    .nullable(),
  more: z.number().int(),
});
export type PackDiff = z.infer<typeof packDiff>;

/** PATCH /api/content/packs/:id. `older`: yes, although it was made before what was active. */
export const contentChange = z.object({ active: z.boolean(), older: z.boolean().default(false) });
/** POST /api/content/rollbacks */
export const rollBack = z.object({ kind: z.string().max(63), name: z.string().max(63) });
/** POST /api/content/keys ; DELETE /api/content/keys/:id */
export const newKey = z.object({ name: z.string().trim().min(1).max(120), publicKey: z.string().max(4000) });
