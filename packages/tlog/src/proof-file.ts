import { malformed } from './errors.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import type { Hash } from './merkle.ts';
import { maxNoteBytes } from './note.ts';
import { type Policy, trustedCheckpoint, type TrustedCheckpoint } from './policy.ts';
import { checkInclusion } from './proofs.ts';
import { fromBase64, hashFromBase64, sizeFromText, textOf, toBase64 } from './text.ts';

/** An offline proof as it was read, believed by nobody yet. @see c2sp.org/tlog-proof */
export type ProofFile = {
  readonly index: number;
  readonly proof: readonly Hash[];
  /** The signed note, verbatim. */
  readonly checkpoint: string;
  /** What the application put beside it; nothing vouches for it. */
  readonly extra: Uint8Array | undefined;
};

export const proofHeader = 'c2sp.org/tlog-proof@v1';
const maxProofBytes = 4 * maxNoteBytes;
const maxHashes = 63;

export function writeProof({ index, proof, checkpoint, extra }: ProofFile): string {
  const lines = [
    proofHeader,
    ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]),
    `index ${index}`,
    ...proof.map(toBase64),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** @throws {TlogError} malformed */
export function parseProof(input: string | Uint8Array): ProofFile {
  const text = textOf(input, 'the proof', maxProofBytes);
  const split = text.indexOf('\n\n');
  if (split < 0) throw malformed('the proof holds no checkpoint after an empty line');
  const lines = text.slice(0, split).split('\n', maxHashes + 4);
  if (lines.shift() !== proofHeader) throw malformed(`the proof does not begin with ${proofHeader}`);
  const extra = lines[0]?.startsWith('extra ') === true ? lines.shift()?.slice('extra '.length) : undefined;
  const index = lines.shift();
  if (index?.startsWith('index ') !== true) throw malformed('the proof has no index');
  if (lines.length > maxHashes) throw malformed(`the proof has more than ${maxHashes} hashes`);
  const checkpoint = text.slice(split + 2);
  parseCheckpoint(checkpoint);
  return {
    index: sizeFromText(index.slice('index '.length), 'the index'),
    proof: lines.map((line) => hashFromBase64(line, 'a hash of the proof')),
    checkpoint,
    extra: extra === undefined ? undefined : fromBase64(extra, 'the extra data'),
  };
}

/**
 * Is the leaf in the log, and did those that the policy asks for see it?
 * @throws {TlogError} malformed, origin, signature, quorum, proof
 */
export function checkProof(
  file: ProofFile,
  leaf: Hash,
  policy: Policy,
): { readonly index: number; readonly checkpoint: TrustedCheckpoint } {
  const checkpoint = trustedCheckpoint(policy, file.checkpoint);
  const { size, root }: Checkpoint = checkpoint;
  checkInclusion({ index: file.index, size, leaf, root, proof: file.proof });
  return { index: file.index, checkpoint };
}
