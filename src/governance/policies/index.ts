/**
 * The provider's own documents: policies, standards, plans and procedures, with versions, approval, review clocks, and who
 * is to read them. In code they are documents: a "policy" alone is the community's (community/agreements).
 * Not here: what customers agree to, and what a control says.
 * INVARIANT: a version's text never changes; it holds only once somebody else than its author approved it in office.
 */
export { addDocument, addVersion, approveVersion } from './documents.ts';
export { approvingOffices, inForce, reviewClock } from './document.ts';
export { documents, reviews, versions } from './store.ts';
export * from './errors.ts';
export { documentEvaluators, documentEvidence, gatherDocuments, type Gathered } from './facts.ts';
export { acknowledge } from './mine.ts';
export { remind as remindOfDocuments } from './remind.ts';
export { documentRoutes } from './routes.ts';
export type { DocumentsDeps } from './world.ts';
