/**
 * A witness: a small program of its own, run by somebody else than the log's owner, that cosigns checkpoints which
 * continue what it saw before (c2sp.org/tlog-witness).
 * Not here: entries, proofs, a database. It keeps one checkpoint for each log, in a folder.
 * INVARIANT: a checkpoint is on the disk before its cosignature leaves the house.
 */
export { openWitnessFolder, type WitnessFolder } from './folder.ts';
export { startWitness, type Witness } from './server.ts';
