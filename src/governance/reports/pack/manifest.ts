import { z } from 'zod';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const text = z.string().max(4000);

export const manifestName = 'manifest.json';
export const signatureName = 'signature.json';
/** Files of a pack that the manifest does not list: it, and what is over it. */
export const unlisted: ReadonlySet<string> = new Set([manifestName, signatureName]);

/** What an export is made of and rests on: enough to check it without this system, or any. */
export const manifest = z.strictObject({
  type: z.literal('ironbark-report/1'),
  id: text,
  kind: text,
  system: z.strictObject({ environment: text, name: text, marking: text, provider: text }),
  framework: z.strictObject({ title: text, edition: text, profile: text, hash: hash.nullable() }),
  /** When all of it was read. */
  asAt: z.iso.datetime(),
  madeBy: text,
  /** Every file of the pack but this one and the signature over it. */
  files: z.array(z.strictObject({ path: text, bytes: z.number().int(), sha256: hash })).max(10_000),
  /** The evidence it rests on. `proof` is a file of the pack; null where the ledger has no entry, or no checkpoint yet. */
  evidence: z
    .array(
      z.strictObject({
        collection: text,
        kind: text,
        source: text,
        collectedAt: z.iso.datetime(),
        expiresAt: z.iso.datetime(),
        sha256: hash,
        ledger: text.nullable(),
        proof: text.nullable(),
      }),
    )
    .max(100_000),
  /** The log's own keys, as verifier keys of signed notes. */
  ledgerKeys: z.array(text).max(20),
  /** The pack before this one of the same system, where there is one. */
  previous: z.strictObject({ id: text, sha256: hash }).nullable(),
});
export type Manifest = z.infer<typeof manifest>;

/** What is signed: short, so that it can be read. @param digest SHA-256 of the manifest's bytes, in hex */
export const signedText = (digest: string): string => `ironbark-report/1\n${digest}\n`;

export const signature = z.strictObject({
  /** Compact JWS (RFC 7515) over `signedText`. */
  jws: z.string().max(10_000),
  key: z.record(z.string(), z.string().max(200)),
});

/** Where the proof of a ledger entry stands in a pack. */
export const proofPath = (ledgerId: string): string =>
  `proofs/${ledgerId.replaceAll(/[^A-Za-z0-9_-]/g, '_')}.tlog-proof`;
