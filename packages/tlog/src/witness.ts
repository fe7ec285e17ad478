import { parseCheckpointText, type Checkpoint } from './checkpoint.ts';
import { malformed, TlogError } from './errors.ts';
import { type Cosigner, cosignatureTime, type Verifier } from './keys.ts';
import type { Hash } from './merkle.ts';
import { noteOf, openNote, parseNote, parseSignatures, signaturesBy } from './note.ts';
import { checkGrowth } from './proofs.ts';
import { hashFromBase64, sizeFromText, textOf, toBase64 } from './text.ts';

/** What a witness keeps of each log: the latest checkpoint it cosigned. */
export type Witnessed = Pick<Checkpoint, 'size' | 'root'>;

/** What a witness knows of a log; undefined of one that it does not watch. */
export type WatchedLog = {
  readonly verifiers: readonly Verifier[];
  readonly latest: Witnessed | undefined;
};

export type WitnessAnswer = {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly contentType: string;
  readonly body: string;
  /** To be kept before the answer is given: only with 200. */
  readonly cosigned?: Checkpoint & {
    /** The note with the log's signatures and the witness's own, nothing else. */
    readonly note: string;
    readonly seconds: number;
  };
};

export type AddCheckpoint = {
  readonly old: number;
  readonly proof: readonly Hash[];
  /** The signed note, verbatim. */
  readonly checkpoint: string;
};

const maxRequestBytes = 256 * 1024;
const maxProofLines = 63;

export const writeAddCheckpoint = ({ old, proof, checkpoint }: AddCheckpoint): string =>
  `old ${old}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint}`;

/** @throws {TlogError} malformed */
export function parseAddCheckpoint(input: string | Uint8Array): AddCheckpoint {
  const text = textOf(input, 'the request', maxRequestBytes);
  const split = text.indexOf('\n\n');
  if (split < 0) throw malformed('the request has no checkpoint after an empty line');
  const [old = '', ...lines] = text.slice(0, split).split('\n', maxProofLines + 3);
  if (!old.startsWith('old ')) throw malformed('the request does not begin with the old size');
  if (lines.length > maxProofLines) throw malformed(`the request has more than ${maxProofLines} hashes`);
  return {
    old: sizeFromText(old.slice('old '.length), 'the old size'),
    proof: lines.map((line) => hashFromBase64(line, 'a hash of the proof')),
    checkpoint: text.slice(split + 2),
  };
}

const plain = 'text/plain; charset=utf-8';
const refusal = (status: WitnessAnswer['status'], why: string): WitnessAnswer => ({
  status,
  contentType: plain,
  body: `${why}\n`,
});

/**
 * What a witness answers to add-checkpoint. Looking and keeping must be one step for each log: no other request for the
 * same origin may come between `watched` and the keeping of `cosigned`.
 * @param secondsFor since 1970, for a log; never less than in the cosignature before, whatever the clock says
 * @see c2sp.org/tlog-witness, add-checkpoint
 */
export function answerAddCheckpoint(
  input: string | Uint8Array,
  watched: (origin: string) => WatchedLog | undefined,
  cosigner: Cosigner,
  secondsFor: (origin: string) => number,
): WitnessAnswer {
  let request: AddCheckpoint;
  let text: string;
  let checkpoint: Checkpoint;
  try {
    request = parseAddCheckpoint(input);
    ({ text } = parseNote(request.checkpoint));
    checkpoint = readCheckpoint(text);
  } catch (error) {
    return refusal(error instanceof EmptyRootWrong ? 422 : 400, why(error));
  }
  const log = watched(checkpoint.origin);
  if (log === undefined) return refusal(404, 'this log is not watched here');
  let lines: string[];
  try {
    const { signed } = openNote(request.checkpoint, log.verifiers);
    lines = parseNote(request.checkpoint)
      .signatures.filter(({ name, keyId }) =>
        signed.some(({ verifier }) => verifier.name === name && verifier.keyId === keyId),
      )
      .map(({ line }) => line);
  } catch (error) {
    return refusal(403, why(error));
  }
  if (request.old > checkpoint.size) return refusal(400, 'the old size is larger than the checkpoint');
  const latest = log.latest ?? { size: 0, root: undefined };
  if (request.old !== latest.size)
    return { status: 409, contentType: 'text/x.tlog.size', body: `${latest.size}\n` };
  try {
    if (latest.root === undefined || latest.size === 0) {
      if (request.proof.length > 0)
        throw new TlogError('proof', 'there is nothing to prove about an empty log');
    } else checkGrowth({ size: latest.size, root: latest.root }, checkpoint, request.proof);
  } catch (error) {
    return refusal(422, why(error));
  }
  const seconds = secondsFor(checkpoint.origin);
  const line = cosigner.cosign(text, seconds);
  return {
    status: 200,
    contentType: plain,
    body: line,
    cosigned: { ...checkpoint, note: noteOf(text, [...lines, line]), seconds },
  };
}

class EmptyRootWrong extends Error {}

/** As `parseCheckpointText`; that an empty log has a wrong root is told apart, for it has a status of its own. */
function readCheckpoint(text: string): Checkpoint {
  try {
    return parseCheckpointText(text);
  } catch (error) {
    if (/^[^\n]+\n0\n[A-Za-z0-9+/]{43}=\n/.test(text)) throw new EmptyRootWrong(why(error));
    throw error;
  }
}

const why = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * The cosignature in a witness's answer to a checkpoint.
 * @param note the checkpoint that was sent
 * @returns the line to put below the checkpoint, and when the witness saw it
 * @throws {TlogError} malformed, signature
 */
export function readCosignature(
  note: string,
  answer: string | Uint8Array,
  witness: Verifier,
): { readonly line: string; readonly seconds: number } {
  const { text } = parseNote(note);
  const signatures = parseSignatures(textOf(answer, 'the answer', maxRequestBytes));
  const [signed] = signaturesBy({ text, signatures }, [witness]);
  if (signed === undefined) throw new TlogError('signature', `the answer is not signed by ${witness.name}`);
  const own = signatures.find(({ name, keyId }) => name === witness.name && keyId === witness.keyId);
  return { line: own?.line ?? '', seconds: cosignatureTime(signed.signature) };
}
