/**
 * What proves, to anybody and without this system, that an entry is in the log.
 * `leaf` is what was logged; the readable part is bound to it by a salted commitment, so that it can be erased.
 */
export type Receipt = {
  /** Canonical JSON (RFC 8785), the very bytes that were hashed: {v, id, action, at, of, commitment}. */
  readonly leaf: string;
  /** Base64, 32 bytes; null once the payload was erased. */
  readonly salt: string | null;
  /** Canonical JSON of who, on what, whose and the facts: SHA-256(salt, payload) is the leaf's `commitment`. */
  readonly payload: string | null;
  /** `c2sp.org/tlog-proof@v1`: index, inclusion proof, signed checkpoint with its cosignatures. */
  readonly tlogProof: string;
};
