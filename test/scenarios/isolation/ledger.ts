import { type Case, none } from './case.ts';

/** Acme's entries in the ledger. */
export const ledgerCases: Record<string, Case> = {
  'GET /api/ledger': none,
  'GET /api/ledger/verification': none,
  'GET /api/ledger/log': none,
  'GET /api/ledger/proof/inclusion': () => ({ query: '?index=0' }),
  'GET /api/ledger/proof/consistency': () => ({ query: '?from=1' }),
  'GET /api/ledger/entries/{id}/receipt': ({ entry }) => ({ path: { id: entry } }),
  'POST /api/ledger/entries/{id}/erase': ({ entry }) => ({
    path: { id: entry },
    body: { reason: 'not mine' },
  }),
  'GET /ledger/checkpoint': none,
  'GET /ledger/tile/{*}': () => ({ path: { '*': '0/000.p/1' } }),
  'GET /ledger/tile/entries/{*}': () => ({ path: { '*': '000.p/1' } }),
};
