/**
 * Who did what, for ever: a transparency log (c2sp.org/tlog-tiles) of every change, in the system of record.
 * Not here: the change itself, and what may be read by whom beyond tenancies.
 * INVARIANT: an entry is written in the transaction of its change and never altered; nothing is signed that does not
 * continue what was signed before.
 */
export { canonical, type Json, storable, storableText } from './canonical.ts';
export { carryOldChain } from './carry.ts';
export type { Entry, NewEntry, Recorded } from './entry.ts';
export * from './errors.ts';
export { type LedgerKeys, newLedgerKeys, readLedgerKeys } from './keys.ts';
export { createLedger, type Ledger } from './ledger.ts';
export {
  parseReceiptFile,
  readLeaf,
  type Receipt,
  type ReceiptCheck,
  receiptFile,
  verifyReceipt,
} from './receipt.ts';
export { entryIdsOf } from './store.ts';
export { ledgerRoutes } from './routes.ts';
export { type LogRunner, type LogStatus, startLog } from './runner.ts';
export { type Verification, verifyLedger } from './verify.ts';
export type { Post } from './witnesses.ts';
