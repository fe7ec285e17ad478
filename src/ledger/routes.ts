import { NotAllowed } from '#platform/errors';
import type { Routes } from '#platform/http';
import type { Records } from '#platform/records';
import { type LedgerEntry, ledgerPage, ledgerQuery, ledgerVerification } from './contract.ts';
import type { Entry } from './entry.ts';
import { readLedger, verifyLedger } from './ledger.ts';

export const ledgerRoutes =
  ({ records }: { records: Records }): Routes =>
  async (http) => {
    http.get(
      '/api/ledger',
      {
        config: { permission: 'ledger.read' },
        schema: {
          summary: 'Who did what, newest first',
          tags: ['ledger'],
          querystring: ledgerQuery,
          response: { 200: ledgerPage },
        },
      },
      async ({ actor, query }) => {
        const entries = await readLedger(records, {
          before: query.before,
          subject: query.subject,
          limit: query.limit,
          // The community's own entries are the provider's to see; others see those of their tenancies.
          tenancies: actor.ofProvider ? undefined : actor.scope.tenancies,
        });
        const last = entries.at(-1);
        return {
          entries: entries.map(shown),
          next: entries.length === query.limit && last !== undefined ? last.sequence : null,
        };
      },
    );
    http.get(
      '/api/ledger/verification',
      {
        config: { permission: 'ledger.read' },
        schema: {
          summary: 'Check the chain of hashes from the first entry to the last',
          tags: ['ledger'],
          response: { 200: ledgerVerification },
        },
      },
      async ({ actor }) => {
        if (!actor.ofProvider) throw new NotAllowed('ledger.read of the provider');
        return verifyLedger(records);
      },
    );
  };

function shown(entry: Entry): LedgerEntry {
  return {
    ...entry,
    at: entry.at.toISOString(),
    previousHash: entry.previousHash.toString('hex'),
    hash: entry.hash.toString('hex'),
  };
}
