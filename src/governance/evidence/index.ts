/**
 * What is known about a system and from where: collections of facts with their age and population, and what pure
 * evaluators make of them. Not here: what a control asks (frameworks), what somebody answered (controls), the evaluators
 * and importers of one subject (essential-eight and others bring them).
 * INVARIANT: no judgement without a collection behind it, and none outlives its evidence: what expired reads as unknown.
 */
export type { Confidence } from './contract.ts';
export {
  type Collection,
  type ControlJudgement,
  type Evaluator,
  type EvidenceInForce,
  type Fact,
  type Failing,
  failingCap,
  type Judgement,
  type PlainEvaluator,
  type Population,
  summing,
  type SummingEvaluator,
} from './evaluator.ts';
export type {
  EvidenceFile,
  EvidenceKind,
  FileHead,
  FileRecord,
  FileRow,
  Importer,
  ImportEnd,
  ImportOptions,
  ImportStep,
} from './importer.ts';
export { type Acceptance, type EvidenceDeps } from './deps.ts';
export * from './errors.ts';
export { evaluateEvidence } from './evaluate.ts';
export { genericImporters } from './generic.ts';
export { judgeFiles } from './judge-files.ts';
export { judgementsOf } from './judgements.ts';
export { type Finding } from './finding.ts';
export { collectionsAround } from './store.ts';
export { findings, newestNotes } from './store-findings.ts';
export { evidenceRoutes } from './routes.ts';
export { sweepFiles } from './collections.ts';
export { controlsWithOpenFindings } from './store-findings.ts';
export { readerApart, readForAnother } from './read-apart.ts';
export { takeFile } from './take.ts';
export { tryFile } from './try.ts';
export { passEvidenceTime } from './time.ts';
export { collectOwn, type Collector } from './own/collect.ts';
export { ownEvaluators } from './own/evaluators.ts';
export { ownKinds } from './own/kinds.ts';
