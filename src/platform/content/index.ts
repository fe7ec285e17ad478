/**
 * Content packs: rules, maps and lists that are imported, not shipped. Each import is a version; versions lie side by
 * side, one of a name is active, and the one before can be had back.
 * Not here: what is in the files (soc/detect compiles rules) and the ledger entry (the caller's, in the same `tx`).
 * INVARIANT: what is read from outside is bounded in files, bytes, path and ratio, and never touches the disk by its own
 * name; a pack's files never change once it is saved.
 */
export * from './errors.ts';
export { type PackFile, type PackFiles, type PackLimits, packLimits } from './pack-files.ts';
export { readPack, readPackBytes } from './read-pack.ts';
export {
  activatePack,
  contentChanged,
  deactivatePack,
  listPacks,
  type NewPack,
  type Pack,
  packFiles,
  removePack,
  rollBackPack,
  savePack,
} from './store.ts';
