import { ledgerLog } from '#contract/ledger';
import type { Command } from './command.ts';
import { exitCodes } from './command.ts';
import { plain, table } from './table.ts';

export const command: Command = {
  name: 'ledger show',
  summary: "The log's keys, newest checkpoint, lag and witnesses.",
  examples: ['ironbark ledger show'],
  async run({ server, show }) {
    const log = await server().get('/api/ledger/log', ledgerLog);
    show(log, () => [
      `${log.state}: ${plain(log.detail)}`,
      `origin ${log.origin ?? '–'}, ${log.size} entries, ${log.waiting} waiting`,
      '',
      'Keys (for --key, for a policy, for a witness):',
      ...log.keys.map(({ vkey, sinceSize }) => `  ${vkey}  from entry ${sinceSize} on`),
      ...(log.witnesses.length === 0
        ? []
        : [
            '',
            ...table(
              ['WITNESS', 'STATE', 'SAW', 'AT', 'DETAIL'],
              log.witnesses.map((one) => [one.name, one.state, one.size, one.at, one.detail]),
            ),
          ]),
      '',
      log.checkpoint?.note.trimEnd() ?? 'No checkpoint yet.',
    ]);
    return log.state === 'failing' ? exitCodes.failed : exitCodes.done;
  },
};
