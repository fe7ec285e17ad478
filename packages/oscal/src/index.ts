/**
 * OSCAL in JSON: catalogues, profiles and what is assessed against them, read, validated, resolved, compared, written.
 * Pure: no I/O, no clock, nothing fetched; files, times and ids are arguments.
 * INVARIANT: what was read is believed only after it was validated; a fault says where, what, and what would help.
 */
export { type CatalogControl, hashOf, readControls } from './catalog/controls.ts';
export type { ProseLink } from './catalog/links.ts';
export type * from './generated/types.ts';
export { createReader, type Read, type Reader } from './read/read.ts';
export { type Model, type Models, models, type OscalDocument, writtenVersion } from './read/models.ts';
export { tooLarge } from './read/text.ts';
export { defaultLimits, type Fault, type FaultCode, isGood, type Limits } from './fault.ts';
export type * from './write/input.ts';
export { InputFault } from './write/input.ts';
export { assessmentPlan, readAssessmentPlan } from './write/plan.ts';
export { assessmentResults, readAssessmentResults } from './write/results.ts';
export { componentDefinition, readComponentDefinition } from './write/definition.ts';
export { poam, readPoam } from './write/poam.ts';
export { profile, readProfile } from './write/profile.ts';
export { houseNamespace } from './write/props.ts';
export { readSsp, ssp } from './write/ssp.ts';
export { type UuidOf, uuidsOf } from './write/uuid.ts';
export { type Find, findAmong, type NamedDocument, type Reference } from './resolve/find.ts';
export { type Resolved, resolveProfile, type Resolving } from './resolve/resolve.ts';
export { type CatalogDiff, diffControls, type ListChange, type Reworded } from './diff/diff.ts';
export { diffWords, type WordChange } from './diff/words.ts';
export { checkDocument, type Checking } from './validate/check.ts';
