import { createHmac, hash } from 'node:crypto';
import { z } from 'zod';
import { canonicalStorable } from './canonical.ts';
import type { NewEntry } from './entry.ts';

/**
 * What is logged: enough to order and to prove, nothing that names a person or an organisation.
 * `of` is the tenancy's pseudonym, `commitment` the base64 of SHA-256(salt, payload).
 */
export const leafShape = z.strictObject({
  v: z.literal(1),
  id: z.uuid(),
  action: z.string(),
  at: z.iso.datetime(),
  of: z.string().nullable(),
  commitment: z.base64(),
});
export type Leaf = z.infer<typeof leafShape>;

/** What the commitment binds and erasure removes. */
export const payloadShape = z.object({
  actor: z.object({ kind: z.enum(['user', 'token', 'system']), id: z.string(), name: z.string() }),
  subject: z.string(),
  tenancy: z.string().nullable(),
  facts: z.record(z.string(), z.json()),
  /** What an entry carried in the chain of hashes that this log took the place of. Hashes in hex. */
  chain: z.object({ sequence: z.number(), previousHash: z.string(), hash: z.string() }).optional(),
});
export type Payload = z.infer<typeof payloadShape>;

export const saltBytes = 32;

/** The salt's length is fixed, so that no other salt and payload make the same bytes. */
export const commitmentOf = (salt: Uint8Array, payload: string): string =>
  hash('sha256', Buffer.concat([salt, Buffer.from(payload, 'utf8')]), 'base64');

const pseudonymBytes = 16;

/** The same for the same tenancy, and nothing to who does not hold the key. */
export const pseudonymOf = (key: Buffer, tenancy: string): string =>
  createHmac('sha256', key)
    .update(tenancy, 'utf8')
    .digest('hex')
    .slice(0, 2 * pseudonymBytes);

export type Chained = { readonly sequence: number; readonly previousHash: string; readonly hash: string };

/** The readable part of an entry, as the bytes that are committed to: canonical JSON (RFC 8785), of what the database keeps. */
export function payloadOf({ actor, subject, tenancy, facts }: NewEntry, chain?: Chained): string {
  return canonicalStorable({
    actor: { kind: actor.kind, id: actor.id, name: actor.name },
    subject,
    tenancy: tenancy ?? null,
    facts,
    ...(chain && { chain }),
  });
}

/**
 * Of a leaf's text, in hex: what `hashLeaf` gives of its bytes, without making buffers of it for every entry.
 * @see RFC 6962, 2.1: SHA-256(0x00 || entry)
 */
export const leafHash = (leaf: string): string => hash('sha256', `\0${leaf}`, 'hex');

/** The bytes that are hashed into the tree: canonical JSON, written out because every entry passes here. */
export function leafOf({ action, at, commitment, id, of, v }: Leaf): string {
  const text = JSON.stringify;
  return `{"action":${text(action)},"at":${text(at)},"commitment":${text(commitment)},"id":${text(id)},"of":${text(of)},"v":${v}}`;
}

/** @throws where the text is not the canonical form of a leaf */
export function parseLeaf(text: string): Leaf {
  const leaf = leafShape.parse(JSON.parse(text));
  if (leafOf(leaf) !== text) throw new Error('the leaf is not in canonical form');
  return leaf;
}

export const parsePayload = (text: string): Payload => payloadShape.parse(JSON.parse(text));
