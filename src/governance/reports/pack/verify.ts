import { parseReceiptFile, verifyReceipt } from '#ledger';
import type { Policy } from '@ironbark/tlog';
import { ArchiveRefused, unzip } from '../archive/unzip.ts';
import type { ArchiveFile } from '../archive/zip.ts';
import { sha256 } from './bundle.ts';
import {
  type Manifest,
  manifest as manifestShape,
  manifestName,
  signature,
  signatureName,
  signedText,
  unlisted,
} from './manifest.ts';

export type PackTrust = {
  /** Gives back what was signed. `given` is the key in the pack. @throws when the signature is not the key's */
  readonly signed: (jws: string, given: Readonly<Record<string, string>>) => Promise<string>;
  /** Whether that was a key of ours, and not the pack's own. */
  readonly ownKey: boolean;
  /** Of the ledger. @param keys that the pack brings; used where nobody gave others */
  readonly policy: (keys: readonly string[]) => { readonly policy: Policy; readonly own: boolean };
};
export type PackCheck = {
  readonly what: string;
  readonly outcome: 'good' | 'bad' | 'unknown';
  readonly detail: string;
};
export type PackVerification = {
  /** Nothing is wrong with it; some things may not have been checked. */
  readonly good: boolean;
  readonly checks: readonly PackCheck[];
  readonly manifest: Manifest | undefined;
};

const caps = { files: 10_000, bytes: 1024 * 1024 * 1024, ratio: 400 };

/** Checks a pack by itself: no network, no database. */
export async function verifyPack(bytes: Buffer, trust: PackTrust): Promise<PackVerification> {
  const checks: PackCheck[] = [];
  const note = (what: string, outcome: PackCheck['outcome'], detail: string): void => {
    checks.push({ what, outcome, detail });
  };
  let files: ReadonlyMap<string, Uint8Array>;
  let manifest: Manifest;
  try {
    files = byPath(await unzip(bytes, caps));
    manifest = manifestIn(files);
  } catch (error) {
    const detail = error instanceof ArchiveRefused ? error.message : 'it has no manifest of ours';
    return { good: false, checks: [{ what: 'pack', outcome: 'bad', detail }], manifest: undefined };
  }
  checkFiles(manifest, files, note);
  await checkSignature(files, trust, note);
  checkEvidence(manifest, files, trust, note);
  return { good: checks.every(({ outcome }) => outcome !== 'bad'), checks, manifest };
}

type Note = (what: string, outcome: PackCheck['outcome'], detail: string) => void;
const byPath = (files: readonly ArchiveFile[]): ReadonlyMap<string, Uint8Array> =>
  new Map(files.map(({ path, bytes }) => [path, bytes]));
const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('utf8');

const manifestIn = (files: ReadonlyMap<string, Uint8Array>): Manifest =>
  manifestShape.parse(JSON.parse(textOf(files.get(manifestName))));

function checkFiles(manifest: Manifest, files: ReadonlyMap<string, Uint8Array>, note: Note): void {
  const wrong: string[] = [];
  const listed = new Set<string>();
  for (const { path, sha256: expected } of manifest.files) {
    listed.add(path);
    const bytes = files.get(path);
    if (bytes === undefined) wrong.push(`${path} is missing`);
    else if (sha256(bytes) !== expected) wrong.push(`${path} is not the one that was signed`);
  }
  for (const path of files.keys())
    if (!listed.has(path) && !unlisted.has(path)) wrong.push(`${path} was added`);
  if (wrong.length === 0) note('files', 'good', `${manifest.files.length} files, each by its SHA-256`);
  else note('files', 'bad', wrong.slice(0, 10).join('; '));
}

async function checkSignature(
  files: ReadonlyMap<string, Uint8Array>,
  trust: PackTrust,
  note: Note,
): Promise<void> {
  try {
    const { jws, key } = signature.parse(JSON.parse(textOf(files.get(signatureName))));
    const digest = sha256(files.get(manifestName) ?? '');
    const said = await trust.signed(jws, key);
    if (said !== signedText(digest)) note('signature', 'bad', 'it is over another manifest');
    else
      note(
        'signature',
        'good',
        `by ${key['kid'] ?? 'a key without a name'}${trust.ownKey ? '' : ', a key that the pack brings itself: compare it with the provider’s'}`,
      );
  } catch (error) {
    note('signature', 'bad', error instanceof Error ? error.message.slice(0, 200) : 'it can’t be read');
  }
}

function checkEvidence(
  manifest: Manifest,
  files: ReadonlyMap<string, Uint8Array>,
  trust: PackTrust,
  note: Note,
): void {
  let proven = 0;
  let missing = 0;
  const wrong: string[] = [];
  const remarks = new Set<string>();
  for (const { collection, sha256: hash, ledger, proof } of manifest.evidence) {
    if (proof === null) {
      missing++;
      continue;
    }
    try {
      const { policy, own } = trust.policy(manifest.ledgerKeys);
      const found = verifyReceipt(parseReceiptFile(textOf(files.get(proof))), policy);
      if (found.leaf.id !== ledger) wrong.push(`${collection}: the proof is of another entry`);
      else if (found.payload === undefined) remarks.add('what some entries said was erased');
      else if (!Object.values(found.payload.facts).includes(hash))
        wrong.push(`${collection}: the entry in the ledger is about another hash`);
      else proven++;
      if (!own) remarks.add('the ledger’s keys come with the pack: compare them');
      if (found.cosignedBy.length === 0) remarks.add('no witness was asked for');
    } catch (error) {
      wrong.push(`${collection}: ${error instanceof Error ? error.message : 'the proof can’t be read'}`);
    }
  }
  if (wrong.length > 0) note('evidence', 'bad', wrong.slice(0, 10).join('; '));
  const all = manifest.evidence.length;
  const tail = remarks.size === 0 ? '' : `; ${[...remarks].join('; ')}`;
  if (proven > 0) note('evidence', 'good', `${proven} of ${all} collections are in the ledger${tail}`);
  if (missing > 0)
    note(
      'evidence',
      'unknown',
      `${missing} of ${all} collections have no proof: the ledger had no checkpoint over them`,
    );
}
