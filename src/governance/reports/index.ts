/**
 * What leaves the system as a document: ASD's SSP annex and controls matrix, statement of applicability, plan of action,
 * OSCAL, the assessor's pack; and the annexes that come back in. Each carries the hashes of its evidence and their proofs.
 * Not here: how anything stands. It is asked of the modules that know, once, at one moment.
 * INVARIANT: an export says what was not seen, and never counts unknown as met or unmet; an import is whole or nothing.
 */
export { readAnnex } from './annex/read.ts';
export type { AnnexAnswer, ReportsDeps } from './deps.ts';
export * from './errors.ts';
export { communityFrom } from './from-community.ts';
export { controlsFrom } from './from-controls.ts';
export { evidenceFrom } from './from-evidence.ts';
export type { StateSources } from './gather.ts';
export { makeReport } from './make.ts';
export { oscalFiles, oscalFileOf, type OscalModel, oscalModels } from './oscal/bundle.ts';
export { type PackTrust, verifyPack } from './pack/verify.ts';
export { readBundle } from './pack/read.ts';
export { reportRoutes } from './routes.ts';
export { making } from './service.ts';
export { readSheets } from './sheet/read.ts';
