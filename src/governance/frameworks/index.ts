/**
 * Frameworks of controls: editions beside each other as they were imported, their profiles, what changed from one to the
 * next word for word, which of them a system is assessed against, and which control answers which of another framework.
 * Not here: answers and how a control stands (controls), and the frameworks' own text, which is imported content.
 * INVARIANT: an edition never changes once it is in; what was said of a control is bound to the hash of its statement.
 */
export { suggestedProfile } from './activating.ts';
export { catalogueKind } from './catalogue-kind.ts';
export type { Edition, EditionControl, Profile, SystemControl } from './catalogue.ts';
export { controlListOf, controlOf, controlsOf, controlsOfEdition } from './systems.ts';
export {
  type Activation,
  activations as activeEditions,
  type ControlKey,
  controlKeys,
} from './store-systems.ts';
export { type Link, linksOf, type Mapping, mappings } from './store-mappings.ts';
export * from './errors.ts';
export { catalogueFile } from './catalogue-file.ts';
export {
  activateEdition,
  type FrameworkDeps,
  importEdition,
  listEditions,
} from './editions.ts';
export { frameworkRoutes } from './routes.ts';
export { addShippedMappings } from './mapping.ts';
export { decideTailoring, proposeTailoring } from './tailoring.ts';
