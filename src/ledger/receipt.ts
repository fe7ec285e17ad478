import { checkProof, hashLeaf, parseProof, type Policy, TlogError, writeProof } from '@ironbark/tlog';
import { z } from 'zod';
import { commitmentOf, type Leaf, parseLeaf, parsePayload, type Payload, saltBytes } from './leaf.ts';

/**
 * What proves, to anybody and without this system, that an entry is in the log.
 * `leaf` is what was logged; the readable part is bound to it by a salted commitment, so that it can be erased.
 */
export type Receipt = {
  /** Canonical JSON (RFC 8785), the very bytes that were hashed: {action, at, commitment, id, of, v}. */
  readonly leaf: string;
  /** Base64, 32 bytes; null once the payload was erased. */
  readonly salt: string | null;
  /** Canonical JSON of who, on what, whose and the facts: SHA-256(salt, payload) is the leaf's `commitment`. */
  readonly payload: string | null;
  /** `c2sp.org/tlog-proof@v1`: index, inclusion proof, signed checkpoint with its cosignatures. */
  readonly tlogProof: string;
};

/** What a receipt proved. */
export type ReceiptCheck = {
  readonly leaf: Leaf;
  /** Undefined where it was erased, or left out. */
  readonly payload: Payload | undefined;
  readonly origin: string;
  /** The place in the log. */
  readonly index: number;
  /** Of the log, in the checkpoint that the receipt brings. */
  readonly size: number;
  readonly signedBy: readonly string[];
  /** `at`: when the witness saw the checkpoint, which is no earlier than the entry. */
  readonly cosignedBy: readonly { readonly name: string; readonly at: Date }[];
  /** What is odd and no proof of a forgery. */
  readonly remarks: readonly string[];
};

/** A witness's clock may be this much behind. */
const skewMilliseconds = 60_000;

/**
 * Checks a receipt by itself: no network, no database.
 * @throws {TlogError} with what is wrong: `malformed`, `origin`, `signature`, `quorum` or `proof`
 */
export function verifyReceipt(receipt: Receipt, policy: Policy): ReceiptCheck {
  const leaf = readLeaf(receipt.leaf);
  const { index, checkpoint } = checkProof(
    parseProof(receipt.tlogProof),
    hashLeaf(Buffer.from(receipt.leaf)),
    policy,
  );
  const cosignedBy = checkpoint.cosignedBy.map(({ name, seconds }) => ({
    name,
    at: new Date(seconds * 1000),
  }));
  const early = cosignedBy.filter(({ at }) => at.getTime() + skewMilliseconds < Date.parse(leaf.at));
  return {
    leaf,
    payload: readPayload(receipt, leaf),
    origin: checkpoint.origin,
    index,
    size: checkpoint.size,
    signedBy: checkpoint.signedBy.map(({ vkey }) => vkey),
    cosignedBy,
    remarks: early.map(
      ({ name, at }) =>
        `The entry says ${leaf.at}, and ${name} saw it at ${at.toISOString()} already: one of their clocks was wrong.`,
    ),
  };
}

/** @throws {TlogError} malformed */
export function readLeaf(text: string): Leaf {
  try {
    return parseLeaf(text);
  } catch (error) {
    throw new TlogError('malformed', 'the leaf is not an entry of a ledger in canonical form', error);
  }
}

function readPayload({ salt, payload }: Receipt, leaf: Leaf): Payload | undefined {
  if (salt === null || payload === null) return undefined;
  const bytes = Buffer.from(salt, 'base64');
  if (bytes.length !== saltBytes || commitmentOf(bytes, payload) !== leaf.commitment)
    throw new TlogError('proof', 'the payload is not what the leaf commits to');
  try {
    return parsePayload(payload);
  } catch (error) {
    throw new TlogError('malformed', 'the payload is not that of a ledger entry', error);
  }
}

const besideShape = z.object({
  leaf: z.string(),
  salt: z.string().nullable(),
  payload: z.string().nullable(),
});

/** One file for all of it: a tlog-proof whose `extra` line brings leaf, salt and payload. */
export function receiptFile({ leaf, salt, payload, tlogProof }: Receipt): string {
  const extra = Buffer.from(JSON.stringify({ leaf, salt, payload }));
  return writeProof({ ...parseProof(tlogProof), extra });
}

/** @throws {TlogError} malformed */
export function parseReceiptFile(input: string | Uint8Array): Receipt {
  const { extra, ...proof } = parseProof(input);
  if (extra === undefined)
    throw new TlogError('malformed', 'the proof brings no ledger entry in an "extra" line');
  try {
    const beside = besideShape.parse(JSON.parse(Buffer.from(extra).toString('utf8')));
    return { ...beside, tlogProof: writeProof({ ...proof, extra: undefined }) };
  } catch (error) {
    throw new TlogError('malformed', 'what the proof brings beside it is not an entry of a ledger', error);
  }
}
