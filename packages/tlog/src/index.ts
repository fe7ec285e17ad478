/**
 * Transparency logs as C2SP specifies them: Merkle trees of RFC 6962, their proofs, signed notes, checkpoints,
 * cosignatures, tiles, offline proofs, policies and what a witness answers.
 * Pure: no I/O, no clock. Keys, tiles and times are arguments.
 * INVARIANT: nothing that was read is believed before its signature and its hashes were checked.
 */
export * from './errors.ts';
export { emptyRoot, type Hash, hashBytes, hashLeaf, hashNode, maxTreeSize, sameHash } from './merkle.ts';
