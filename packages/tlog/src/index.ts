/**
 * Transparency logs as C2SP specifies them: Merkle trees of RFC 6962, their proofs, signed notes, checkpoints,
 * cosignatures, tiles, offline proofs, policies and what a witness answers.
 * Pure: no I/O, no clock. Keys, tiles and times are arguments.
 * INVARIANT: nothing that was read is believed before its signature and its hashes were checked.
 */
export {
  type Checkpoint,
  checkpointText,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from './checkpoint.ts';
export * from './errors.ts';
export {
  type Cosigner,
  cosignatureTime,
  createCosigner,
  createSigner,
  isKeyName,
  parseVkey,
  signatureTypes,
  type Signer,
  type Verifier,
} from './keys.ts';
export { emptyRoot, type Hash, hashBytes, hashLeaf, hashNode, maxTreeSize, sameHash } from './merkle.ts';
export { type Note, type NoteSignature, noteOf, openNote, parseNote, signaturesBy } from './note.ts';
export {
  parsePolicy,
  type Policy,
  policyOfKeys,
  type PolicyWitness,
  quorumMet,
  type TrustedCheckpoint,
  trustedCheckpoint,
} from './policy.ts';
export { checkProof, parseProof, type ProofFile, proofHeader, writeProof } from './proof-file.ts';
export {
  checkConsistency,
  checkGrowth,
  checkInclusion,
  checkSubtreeConsistency,
  checkSubtreeInclusion,
  proveConsistency,
  proveInclusion,
  proveSubtreeConsistency,
  proveSubtreeInclusion,
} from './proofs.ts';
export {
  type GrowingTree,
  growTree,
  joinHashes,
  type Node,
  type NodeReader,
  nodesOf,
  type Range,
  readRoot,
} from './ranges.ts';
export { fromBase64, toBase64 } from './text.ts';
export {
  bundleOf,
  type GrowingTiles,
  growTiles,
  maxEntryBytes,
  nodesFromTiles,
  parseBundle,
  parseTile,
  parseTilePath,
  rootOfHashes,
  type Tile,
  tileAt,
  tileLevels,
  tileOfNode,
  tilePath,
  tileRows,
  type TileSource,
  tilesOf,
  tileWidth,
} from './tiles.ts';
export { verifyGrowth, verifyTiles } from './verify-log.ts';
export {
  type AddCheckpoint,
  answerAddCheckpoint,
  parseAddCheckpoint,
  readCosignature,
  type WatchedLog,
  type WitnessAnswer,
  type Witnessed,
  writeAddCheckpoint,
} from './witness.ts';
