import { z } from 'zod';

export const ledgerEntry = z.object({
  /** The order of recording; numbers may be left out. Goes on a page with `before`. */
  sequence: z.number().int(),
  id: z.string(),
  /** The place in the log, from 0; null until the sequencer gave one (within a second). */
  index: z.number().int().nullable(),
  at: z.iso.datetime(),
  action: z.string(),
  tenancy: z.string().nullable(),
  /** Null, with subject and facts, once the readable part was erased. */
  actor: z.object({ kind: z.enum(['user', 'token', 'system']), id: z.string(), name: z.string() }).nullable(),
  subject: z.string().nullable(),
  facts: z.record(z.string(), z.unknown()).nullable(),
  erased: z.boolean(),
});
export type LedgerEntry = z.infer<typeof ledgerEntry>;

/** GET /api/ledger?before=&subject=&action=&limit= : newest first. `action` takes a module's name too: `user`. */
export const ledgerQuery = z.object({
  before: z.coerce.number().int().positive().optional(),
  subject: z.string().max(200).optional(),
  action: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const ledgerPage = z.object({ entries: z.array(ledgerEntry), next: z.number().int().nullable() });
export type LedgerPage = z.infer<typeof ledgerPage>;

/** GET /api/ledger/verification : the whole log worked out anew from its entries. Provider only. */
export const ledgerVerification = z.object({
  intact: z.boolean(),
  entries: z.number().int(),
  /** Base64, of the newest checkpoint; null of an empty log. */
  head: z.string().nullable().optional(),
  /** The first place where something is not what it was. */
  index: z.number().int().optional(),
  why: z.string().optional(),
  /** Odd, and no proof of a change: a clock that was set back. */
  remarks: z.array(z.string()),
});

const witnessState = z.object({
  name: z.string(),
  /** 'refuses': it saw another log under this name, or more of it than there is. */
  state: z.enum(['never-asked', 'cosigns', 'silent', 'refuses']),
  detail: z.string(),
  /** Entries in the newest checkpoint that it cosigned. */
  size: z.number().int().nullable(),
  at: z.iso.datetime().nullable(),
});

/** GET /api/ledger/log : the log as a whole: what a receipt is checked with, and how it does. */
export const ledgerLog = z.object({
  origin: z.string().nullable(),
  /** Of the log, as `ironbark verify --key` takes them. */
  keys: z.array(z.object({ vkey: z.string(), sinceSize: z.number().int(), at: z.iso.datetime() })),
  size: z.number().int(),
  waiting: z.number().int(),
  /** Of the entry that waits longest. */
  lagSeconds: z.number(),
  checkpoint: z
    .object({ size: z.number().int(), root: z.string(), at: z.iso.datetime(), note: z.string() })
    .nullable(),
  witnesses: z.array(witnessState),
  state: z.enum(['healthy', 'degraded', 'failing', 'unknown']),
  detail: z.string(),
});
export type LedgerLog = z.infer<typeof ledgerLog>;

/** GET /api/ledger/proof/inclusion?index=&size= */
export const inclusionQuery = z.object({
  index: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  size: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
});
/** GET /api/ledger/proof/consistency?from=&to= */
export const consistencyQuery = z.object({
  from: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  to: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
});
/** Hashes in base64, as RFC 6962 orders them. */
export const inclusionProof = z.object({ index: z.number(), size: z.number(), hashes: z.array(z.string()) });
export const consistencyProof = z.object({ from: z.number(), to: z.number(), hashes: z.array(z.string()) });

/** GET /api/ledger/entries/:id/receipt : see `Receipt`. */
export const ledgerReceipt = z.object({
  leaf: z.string(),
  salt: z.string().nullable(),
  payload: z.string().nullable(),
  tlogProof: z.string(),
});

/** POST /api/ledger/entries/:id/erase : removes who, what and the facts for ever; the leaf and every proof stay. */
export const erasure = z.object({ reason: z.string().trim().min(3).max(500) });
export const erased = z.object({ id: z.string(), recordedAs: z.string() });
