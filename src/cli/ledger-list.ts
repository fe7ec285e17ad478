import { ledgerPage } from '#contract/ledger';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'ledger list',
  summary: 'Who did what, newest first.',
  options: {
    action: { value: 'ACTION', about: 'Only this, or all of a module: user.locked, user' },
    subject: { value: 'SUBJECT', about: 'Only what was done to this: user/…, source/…' },
    before: { value: 'N', about: 'Go on with entries older than this number.' },
    limit: { value: 'N', about: 'How many, at most 500; 100 when left out.' },
  },
  examples: ['ironbark ledger list --limit 20'],
  async run({ text, server, show }) {
    const path = `/api/ledger${query({ action: text('action'), subject: text('subject'), before: text('before'), limit: text('limit') })}`;
    const page = await server().get(path, ledgerPage);
    show(page, () =>
      table(
        ['N', 'PLACE', 'AT', 'WHO', 'DID', 'TO', 'FACTS', 'ID'],
        page.entries.map((entry) => [
          entry.sequence,
          entry.index,
          entry.at,
          entry.actor?.name ?? '(erased)',
          entry.action,
          entry.subject,
          entry.facts === null ? null : JSON.stringify(entry.facts),
          entry.id,
        ]),
      ),
    );
  },
};
