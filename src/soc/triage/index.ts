/**
 * Detections become alerts, and analysts decide on them.
 * Not here: how a rule matches (soc/detect), what the events were (soc/search).
 * INVARIANT: an alert changes only together with a line in its history and, where a person did it, one in the ledger.
 */
export type { Analyst, LedgerEntry, Recorder } from './actor.ts';
export type { CrossReads, ReadKind } from './cross-reads.ts';
export type { DetectionRecord, RuleFacts } from './detection.ts';
export { entitiesOf } from './entities.ts';
export * from './errors.ts';
export type { SystemAlert } from './record.ts';
export { routes as alertRoutes } from './routes.ts';
export { createTriage, type Triage, type TriageDeps } from './triage.ts';
export { exploitsSeen } from './store-exploits.ts';
export { reads as readsAcross } from './store-cross-reads.ts';
