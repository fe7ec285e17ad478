import { z } from 'zod';

export const ledgerEntry = z.object({
  sequence: z.number().int(),
  at: z.iso.datetime(),
  actor: z.object({ kind: z.enum(['user', 'token', 'system']), id: z.string(), name: z.string() }),
  action: z.string(),
  subject: z.string(),
  tenancy: z.string().nullable(),
  facts: z.record(z.string(), z.unknown()),
  /** SHA-256, hex: over the previous entry's hash and this entry's canonical JSON (RFC 8785). */
  previousHash: z.string(),
  hash: z.string(),
});
export type LedgerEntry = z.infer<typeof ledgerEntry>;

/** GET /api/ledger?before=&subject=&limit= : newest first. */
export const ledgerQuery = z.object({
  before: z.coerce.number().int().positive().optional(),
  subject: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const ledgerPage = z.object({ entries: z.array(ledgerEntry), next: z.number().int().nullable() });
export type LedgerPage = z.infer<typeof ledgerPage>;

/** GET /api/ledger/verification : is every entry what it was, and does each follow the one before? Provider only. */
export const ledgerVerification = z.object({
  intact: z.boolean(),
  entries: z.number().int(),
  head: z.string().optional(),
  sequence: z.number().int().optional(),
  why: z.string().optional(),
});
