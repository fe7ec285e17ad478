/**
 * Who did what: an append-only record of every change, each entry chained to the one before by its hash.
 * Not here: the change itself, and what may be read by whom beyond tenancies.
 * INVARIANT: an entry is written in the transaction of its change, and never altered.
 */
export { canonical, type Json } from './canonical.ts';
export type { Entry, NewEntry, Verification } from './entry.ts';
export { createLedger, type Ledger, type Recorded, verifyLedger } from './ledger.ts';
export type { Receipt } from './receipt.ts';
export { ledgerRoutes } from './routes.ts';
