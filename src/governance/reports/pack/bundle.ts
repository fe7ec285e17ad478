import { createHash } from 'node:crypto';
import { type ArchiveFile, zip } from '../archive/zip.ts';
import type { SystemState } from '../state.ts';
import { type Manifest, manifestName, proofPath, signatureName, signedText } from './manifest.ts';

/** Signs as the provider. `publicKey` is a JWK without its private part. */
export type Signer = {
  readonly publicKey: Readonly<Record<string, string>>;
  /** @returns a compact JWS over the text */
  sign(text: string): Promise<string>;
};

export type BundleDeps = {
  readonly signer: Signer;
  readonly ledgerKeys: readonly string[];
  /** The proof that a ledger entry is in the log, as one file; undefined until a checkpoint covers it. */
  readonly proof: (ledgerId: string) => Promise<string | undefined>;
};

export type BundleFacts = {
  readonly id: string;
  readonly kind: string;
  readonly madeBy: string;
  readonly previous: Manifest['previous'];
};

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Of the evidence of a state, what the ledger can prove by now: by entry. */
export async function proofsOf(
  { proof }: Pick<BundleDeps, 'proof'>,
  { collections }: Pick<SystemState, 'collections'>,
): Promise<Map<string, string>> {
  const proofs = new Map<string, string>();
  for (const { ledgerId } of collections) {
    if (ledgerId === null || proofs.has(ledgerId)) continue;
    const found = await proof(ledgerId);
    if (found !== undefined) proofs.set(ledgerId, found);
  }
  return proofs;
}

/** Files with a manifest over them, proofs of the evidence they rest on, and the provider's signature. */
export async function bundle(
  deps: BundleDeps,
  state: SystemState,
  facts: BundleFacts,
  files: readonly ArchiveFile[],
): Promise<{ readonly bytes: Buffer; readonly manifest: Manifest; readonly digest: string }> {
  const proofs = await proofsOf(deps, state);
  const all: ArchiveFile[] = [
    { path: 'README.txt', bytes: Buffer.from(readMe) },
    ...files,
    ...[...proofs].map(([id, proof]) => ({ path: proofPath(id), bytes: Buffer.from(proof) })),
  ];
  const { system, framework } = state;
  const manifest: Manifest = {
    type: 'ironbark-report/1',
    id: facts.id,
    kind: facts.kind,
    system: {
      environment: system.environment,
      name: system.name,
      marking: system.marking,
      provider: system.provider.name,
    },
    framework: {
      title: framework.title,
      edition: framework.edition,
      profile: framework.profile,
      hash: framework.hash,
    },
    asAt: state.at.toISOString(),
    madeBy: facts.madeBy,
    files: all.map(({ path, bytes }) => ({ path, bytes: bytes.length, sha256: sha256(bytes) })),
    evidence: state.collections.map((one) => ({
      collection: one.id,
      kind: one.kind,
      source: one.source,
      collectedAt: one.collectedAt.toISOString(),
      expiresAt: one.expiresAt.toISOString(),
      sha256: one.hash,
      ledger: one.ledgerId,
      proof: one.ledgerId !== null && proofs.has(one.ledgerId) ? proofPath(one.ledgerId) : null,
    })),
    ledgerKeys: [...deps.ledgerKeys],
    previous: facts.previous,
  };
  const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  const digest = sha256(text);
  const signature = { jws: await deps.signer.sign(signedText(digest)), key: deps.signer.publicKey };
  return {
    manifest,
    digest,
    bytes: zip([
      ...all,
      { path: manifestName, bytes: text },
      { path: signatureName, bytes: Buffer.from(`${JSON.stringify(signature, null, 1)}\n`) },
    ]),
  };
}

const readMe = `How to check this pack, without network and without the system it came from:

  ironbark verify PACK.zip --key PROVIDER.jwk --ledger-key VKEY

It checks that every file is the one that manifest.json lists, by SHA-256; that the provider signed the
manifest (signature.json, a JWS over the manifest's SHA-256); and for each piece of evidence that the
entry which recorded its hash is in the provider's ledger (proofs/, c2sp.org/tlog-proof).

By hand: sha256sum of each file stands in manifest.json. The payload of the JWS in signature.json is
"ironbark-report/1", a line end, the SHA-256 of manifest.json in hex, a line end.

Without --key and --ledger-key the keys that the pack brings itself are used: compare them with those
that the provider publishes. What has no proof says so in manifest.json.
`;
