import { essentialEightImporters, essentialEightKinds } from '#essential-eight';
import { type EvidenceKind, genericImporters, type Importer, ownKinds } from '#governance/evidence';
import { documentEvidence } from '#governance/policies';

/** What can be sent as evidence, what reads it and what judges it. The command line reads files with the same. */
export const evidenceKinds: readonly EvidenceKind[] = [
  ...ownKinds,
  ...documentEvidence,
  ...essentialEightKinds,
];
export const evidenceImporters: readonly Importer[] = [...essentialEightImporters, ...genericImporters];
