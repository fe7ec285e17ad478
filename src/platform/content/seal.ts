import { z } from 'zod';
import { PackRefused, PackUntrusted } from './errors.ts';
import { isSignedBy, type PackKey, type Signer } from './keys.ts';
import { fileSha256, type PackFile } from './pack-files.ts';

/** In the root of a pack: what it is, what is in it, and who says so. */
export const sealName = 'ironbark-pack.json';
const payloadType = 'application/vnd.ironbark.pack+json';

const word = /^[a-z0-9][a-z0-9._-]{0,62}$/;
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const manifest = z.strictObject({
  format: z.literal('ironbark-pack/1'),
  kind: z.string().regex(word),
  name: z.string().regex(word),
  version: z.string().trim().min(1).max(60),
  /** When it was made: of two signed packs of a name this says which is the older. */
  createdAt: z.iso.datetime(),
  files: z
    .array(z.strictObject({ path: z.string().min(1).max(1024), sha256, bytes: z.int().min(0) }))
    .max(30_000),
});
export type Manifest = z.infer<typeof manifest>;

/** @see github.com/secure-systems-lab/dsse, envelope.md */
const envelope = z.object({
  payloadType: z.literal(payloadType),
  payload: z.base64().max(32 << 20),
  signatures: z.array(z.object({ keyid: z.string().max(200).optional(), sig: z.base64().max(1000) })).max(8),
});

export type Sealed = {
  readonly manifest: Manifest;
  /** Undefined for a manifest that nobody signed. */
  readonly signedBy: PackKey | undefined;
};

export function manifestOf(
  about: Pick<Manifest, 'kind' | 'name' | 'version'>,
  files: readonly PackFile[],
  at: Date,
): Manifest {
  return manifest.parse({
    format: 'ironbark-pack/1',
    ...about,
    createdAt: at.toISOString(),
    files: files.map(({ path, text }) => ({
      path,
      sha256: fileSha256(text),
      bytes: Buffer.byteLength(text),
    })),
  });
}

/** The text of `ironbark-pack.json`. Without a signer it says what is in the pack, and nobody vouches for it. */
export function seal(contents: Manifest, signer: Signer | undefined): string {
  const payload = Buffer.from(JSON.stringify(contents));
  const signatures =
    signer === undefined
      ? []
      : [{ keyid: signer.id, sig: signer.sign(signedBytes(payload)).toString('base64') }];
  return `${JSON.stringify({ payloadType, payload: payload.toString('base64'), signatures }, null, 2)}\n`;
}

/**
 * Checks a seal against the files and against who is trusted.
 * @param files without the seal itself
 * @throws {PackRefused} where it can't be read, or the files are not those of the manifest
 * @throws {PackUntrusted} where it is signed, and by nobody who is trusted
 */
export function openSeal(
  name: string,
  text: string,
  files: readonly PackFile[],
  trusted: readonly PackKey[],
): Sealed {
  const { payload, signatures } = parsed(name, envelope, text, 'its seal can not be read');
  const bytes = Buffer.from(payload, 'base64');
  // Who says it comes before what is said: nothing of a payload is read that nobody vouches for.
  const signedBy =
    signatures.length === 0 ? undefined : signerOf(name, signedBytes(bytes), signatures, trusted);
  const contents = parsed(name, manifest, bytes.toString('utf8'), 'its manifest can not be read');
  checkFiles(name, contents, files);
  return { manifest: contents, signedBy };
}

/** SOURCE: DSSE protocol.md, PAE: the type is signed with the payload, so that neither passes for another. */
const signedBytes = (payload: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `),
    payload,
  ]);

function signerOf(
  name: string,
  bytes: Buffer,
  signatures: z.infer<typeof envelope>['signatures'],
  trusted: readonly PackKey[],
): PackKey {
  for (const { sig } of signatures) {
    const signature = Buffer.from(sig, 'base64');
    // The key id in an envelope is a hint that nobody signed: every trusted key is tried.
    const key = trusted.find((one) => isSignedBy(one, bytes, signature));
    if (key !== undefined) return key;
  }
  const named = signatures.flatMap(({ keyid }) => keyid ?? []);
  if (named.some((id) => trusted.some((key) => key.id === id)))
    throw new PackUntrusted(name, 'its signature does not fit: the pack was altered after it was signed.');
  throw new PackUntrusted(
    name,
    `it is signed with a key that is not trusted here (${named.join(', ') || 'unnamed'}). Compare the key with its owner, then add it: ironbark content trust add FILE.`,
  );
}

function checkFiles(name: string, { files: said }: Manifest, files: readonly PackFile[]): void {
  const wanted = new Map(said.map((file) => [file.path, file.sha256]));
  if (wanted.size !== said.length) throw new PackRefused(name, 'its manifest names a file twice');
  for (const { path, text } of files) {
    const sha = wanted.get(path);
    if (sha === undefined)
      throw new PackRefused(name, `it has a file that its manifest does not name: ${path}`);
    if (sha !== fileSha256(text))
      throw new PackRefused(name, `${path} is not the file that its manifest names (SHA-256 differs)`);
    wanted.delete(path);
  }
  const [missing] = wanted.keys();
  if (missing !== undefined) throw new PackRefused(name, `${missing} is in its manifest and not in the pack`);
}

function parsed<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  text: string,
  what: string,
): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new PackRefused(name, what, error);
  }
}
