/**
 * What leaves the system as a document: ASD's SSP annex and controls matrix, statement of applicability, plan of action,
 * OSCAL, the assessor's pack; and the annexes that come back in. Each carries the hashes of its evidence and their proofs.
 * Not here: how anything stands. It is asked of the modules that know, once, at one moment.
 * INVARIANT: an export says what was not seen, and never counts unknown as met or unmet; an import is whole or nothing.
 */
export { cloudControlsMatrix } from './ccm.ts';
