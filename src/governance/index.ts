/**
 * What all of governance speaks of: systems (an environment, assessed as a whole), the words for how a control stands,
 * and the word that something changed and a system is to be assessed again.
 * Not here: controls, evidence, risk, documents and reports; each is a folder.
 * INVARIANT: a change that an assessment rests on leads to an assessment that saw it, whatever dies in between.
 */
export {
  assess,
  assessment,
  type AssessmentStep,
  governanceChanged,
  type InputChange,
} from './changes.ts';
export type {
  Confidence,
  CustomerResponsibility,
  ImplementationStatus,
  ResponsibleEntity,
  System,
} from './contract.ts';
export { governanceRoutes } from './routes.ts';
export { systemOf, systemsIn } from './systems.ts';
