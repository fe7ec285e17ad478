import { ledgerVerification } from '#contract/ledger';
import type { Command } from './command.ts';
import { exitCodes } from './command.ts';

export const command: Command = {
  name: 'ledger verify',
  summary: 'Check that no ledger entry was changed, removed or put in between.',
  examples: ['ironbark ledger verify'],
  async run({ server, show }) {
    const result = await server().get('/api/ledger/verification', ledgerVerification);
    show(result, () =>
      result.intact
        ? `Intact: ${result.entries} entries. Head: ${result.head}`
        : `BROKEN at entry ${result.index}: ${result.why}.`,
    );
    return result.intact ? exitCodes.done : exitCodes.failed;
  },
};
