import { malformed, TlogError } from './errors.ts';
import { isKeyName, type Verifier } from './keys.ts';
import { fromBase64, textOf } from './text.ts';

/** One signature line, believed by nobody yet. */
export type NoteSignature = {
  readonly name: string;
  readonly keyId: number;
  readonly signature: Uint8Array;
  /** With its line end. */
  readonly line: string;
};

/** A note as it was read; nothing is checked but its form. */
export type Note = {
  /** What is signed, with the line end. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
};

export type Signed = { readonly verifier: Verifier; readonly signature: Uint8Array };

/** Notes of more are refused. SOURCE: none; c2sp.org/signed-note asks for at least 16 signatures. */
const maxSignatures = 100;
export const maxNoteBytes = 1024 * 1024;

/** @throws {TlogError} malformed */
export function parseNote(input: string | Uint8Array): Note {
  const note = textOf(input, 'the note', maxNoteBytes);
  // Searched for from the end: the text may hold empty lines.
  const split = note.lastIndexOf('\n\n');
  if (split < 0) throw malformed('the note has no signatures after an empty line');
  const control = /[^\P{Cc}\n\u007f-\u009f]/u.exec(note);
  if (control !== null) throw malformed(`the note has a control character at ${control.index}`);
  return {
    text: note.slice(0, split + 1),
    signatures: parseSignatures(note.slice(split + 2)),
  };
}

/** @param block one signature line after the other. @throws {TlogError} malformed */
export function parseSignatures(block: string): NoteSignature[] {
  if (!block.endsWith('\n')) throw malformed('the note does not end with a line end');
  const lines = block.slice(0, -1).split('\n', maxSignatures + 1);
  if (lines.length > maxSignatures) throw malformed(`the note has more than ${maxSignatures} signatures`);
  return lines.map((line) => {
    const [dash, name = '', encoded, ...more] = line.split(' ');
    if (dash !== '\u2014' || encoded === undefined || more.length > 0 || !isKeyName(name))
      throw malformed('a signature line is not a dash, a name and a signature');
    const bytes = Buffer.from(fromBase64(encoded, 'a signature'));
    if (bytes.length < 5) throw malformed('a signature is shorter than its key id');
    return { name, keyId: bytes.readUInt32BE(0), signature: bytes.subarray(4), line: `${line}\n` };
  });
}

/**
 * The signatures of the keys that are known. Others are ignored; a wrong one of a known key spoils the note.
 * Of several by one key only the first counts.
 * @see c2sp.org/signed-note, signatures
 * @throws {TlogError} signature
 */
export function signaturesBy(note: Note, verifiers: readonly Verifier[]): Signed[] {
  const signed = new Map<Verifier, Signed>();
  for (const { name, keyId, signature } of note.signatures) {
    const verifier = verifiers.find((one) => one.name === name && one.keyId === keyId);
    if (verifier === undefined) continue;
    if (!verifier.verify(note.text, signature))
      throw new TlogError('signature', `the signature of ${name} is wrong`);
    if (!signed.has(verifier)) signed.set(verifier, { verifier, signature });
  }
  return [...signed.values()];
}

/** A note that at least one of the keys signed. @throws {TlogError} malformed, signature */
export function openNote(
  input: string | Uint8Array,
  verifiers: readonly Verifier[],
): { readonly text: string; readonly signed: readonly Signed[] } {
  const note = parseNote(input);
  const signed = signaturesBy(note, verifiers);
  if (signed.length === 0) throw new TlogError('signature', 'no key that is trusted here signed it');
  return { text: note.text, signed };
}

/** @param text ends with a line end. @param lines signature lines, with their line ends. @throws {TlogError} malformed */
export function noteOf(text: string, lines: readonly string[]): string {
  const note = `${text}\n${lines.join('')}`;
  // What could not be read again is not written.
  if (parseNote(note).text !== text) throw malformed('the text can not be told from the signatures');
  return note;
}
