/**
 * Puts the modules together and runs them as one system.
 * Not here: rules of any kind, and the command line's words (cli).
 * INVARIANT: what is opened is closed in the opposite order, also when the start fails half-way.
 */
export { evidenceImporters, evidenceKinds } from './evidence-reading/kinds.ts';
export { startSystem, type System, type SystemOptions } from './system.ts';
