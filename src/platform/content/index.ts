/**
 * Content packs: everything that is imported and not shipped (rules, catalogues, feeds, mappings). Each import is a version;
 * versions lie side by side, one of a name is active, and the one before can be had back. Packs may be signed.
 * Not here: what is in the files (each module brings its kind, `ContentKind`).
 * INVARIANT: what is read from outside is bounded in files, bytes, path and ratio, and never touches the disk by its own
 * name; a pack's files never change once it is saved; nothing is fetched unless a person or the configuration says so.
 */
export { asName, type GivenPack } from './add-pack.ts';
export { type Content, createContent } from './content.ts';
export type { ContentDeps, ContentKeeper } from './deps.ts';
export * from './errors.ts';
export { fetchPack } from './fetch-pack.ts';
export { type PackKey, packKeys, packSigner } from './keys.ts';
export type { Activation, ContentChange, ContentKind, ReadContent } from './kinds.ts';
export type { ContentFault, NewPack, Pack } from './pack.ts';
export {
  type PackFile,
  type PackFiles,
  type PackLimits,
  packLimits,
  packOf,
} from './pack-files.ts';
export { readPack, readPackBytes } from './read-pack.ts';
export { routes as contentRoutes } from './routes.ts';
export { manifestOf, seal, sealName } from './seal.ts';
export {
  activatePack,
  contentChanged,
  deactivatePack,
  listPacks,
  packFiles,
  removePack,
  rollBackPack,
  savePack,
} from './store.ts';
