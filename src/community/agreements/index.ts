/**
 * The community's policy in versions, and who has agreed to it: nobody is serviced in an environment without an agreement in
 * force there. Not here: who may sign (organisations' appointments), and what is refused without one (the gate).
 * INVARIANT: an agreement that is not in force comes back only by a new acceptance, whatever the clock says.
 */
export { agreementState } from './agreement-state.ts';
export {
  type Countersigner,
  countersigned,
  newCountersigningKey,
  openCountersigner,
  publicKey,
} from './countersign.ts';
export type { AgreementDeps } from './deps.ts';
export { withAgreements } from './enforce.ts';
export * from './errors.ts';
export { invite } from './life.ts';
export { openObligations } from './owed.ts';
export { confirmPaper, recordPaper } from './paper.ts';
export { passTime } from './remind.ts';
export { type Piece, wordDifference } from './compare.ts';
export { readReceipt } from './receipt-read.ts';
export { type Trust, verifyReceipt } from './receipt-verify.ts';
export {
  agreementRoutes,
  type AgreementRouteDeps,
  policyRoutes,
  receiptRoutes,
  signingRoutes,
} from './routes.ts';
export { type AgreementState, inForce } from './state.ts';
export { approveVersion, draftVersion, publishVersion } from './versions.ts';
