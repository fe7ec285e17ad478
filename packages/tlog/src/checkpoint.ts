import { malformed, TlogError } from './errors.ts';
import type { Verifier } from './keys.ts';
import { checkHash, checkSize, emptyRoot, type Hash, sameHash } from './merkle.ts';
import { noteOf, openNote, parseNote, type Signed } from './note.ts';
import { hashFromBase64, sizeFromText, toBase64 } from './text.ts';
import type { Signer } from './keys.ts';

/** @see c2sp.org/tlog-checkpoint */
export type Checkpoint = {
  /** Which log it is of. */
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
};

/** What is signed. @throws {TlogError} malformed */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  checkSize(size, 'the tree size');
  checkHash(root, 'the root');
  // A control character other than a line end is refused where the note is put together.
  if (origin === '' || origin.includes('\n')) throw malformed('an origin is one line');
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** @param text of a note. Extension lines are allowed and left out. @throws {TlogError} malformed */
export function parseCheckpointText(text: string): Checkpoint {
  const lines = text.split('\n');
  const [origin = '', size = '', root = '', ...rest] = lines;
  if (lines.length < 4 || rest.at(-1) !== '') throw malformed('a checkpoint has at least three lines');
  if (origin === '') throw malformed('a checkpoint begins with its origin');
  if (rest.slice(0, -1).includes('')) throw malformed('an extension line of a checkpoint is empty');
  const checkpoint = {
    origin,
    size: sizeFromText(size, 'the tree size'),
    root: hashFromBase64(root, 'the root'),
  };
  if (checkpoint.size === 0 && !sameHash(checkpoint.root, emptyRoot))
    throw malformed('an empty log has another root than the empty one');
  return checkpoint;
}

/** As it is read, believed by nobody yet. @throws {TlogError} malformed */
export const parseCheckpoint = (note: string | Uint8Array): Checkpoint =>
  parseCheckpointText(parseNote(note).text);

/** @throws {TlogError} malformed */
export function signCheckpoint(checkpoint: Checkpoint, signers: readonly Signer[]): string {
  const text = checkpointText(checkpoint);
  return noteOf(
    text,
    signers.map((signer) => signer.sign(text)),
  );
}

/**
 * A checkpoint that a key of the log signed. A log's keys carry its origin as their name.
 * @throws {TlogError} malformed, origin, signature
 */
export function openCheckpoint(
  note: string | Uint8Array,
  verifiers: readonly Verifier[],
): Checkpoint & { readonly text: string; readonly signed: readonly Signed[] } {
  const unchecked = parseCheckpoint(note);
  const own = verifiers.filter(({ name }) => name === unchecked.origin);
  if (own.length === 0)
    throw new TlogError('origin', `the checkpoint is of another log: ${unchecked.origin}`);
  const { text, signed } = openNote(note, own);
  return { ...unchecked, text, signed };
}
