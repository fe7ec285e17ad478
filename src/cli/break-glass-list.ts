import { breakGlassView } from '#contract/identity/break-glass';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'break-glass list',
  summary: 'List break-glass accounts, and what they were used for.',
  examples: ['ironbark break-glass list'],
  async run({ server, show }) {
    const answer = await server().get('/api/break-glass', breakGlassView);
    show(answer, () => [
      ...table(
        ['E-MAIL', 'STATE', 'TESTED', 'HOLDERS'],
        answer.accounts.map((one) => [
          one.email,
          one.state,
          one.tested ? 'yes' : 'no',
          one.holders.join(' '),
        ]),
      ),
      ...table(
        ['USED', 'TEST', 'REASON', 'REVIEW DUE', 'REVIEWED BY'],
        answer.uses.map((use) => [
          use.at,
          use.test ? 'yes' : 'no',
          use.reason,
          use.reviewDueAt,
          use.reviewedBy,
        ]),
      ),
    ]);
  },
};
