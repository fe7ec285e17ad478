import { seen } from '#contract/community/support';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'support seen',
  summary: 'Who of another organisation looked at the data: alerts, events, sessions, playbacks.',
  examples: ['ironbark support seen', 'ironbark support seen --json'],
  async run({ server, show }) {
    const list = await server().get('/api/support/seen', seen);
    show(list, () =>
      table(
        ['AT', 'WHO', 'OF', 'WHAT', 'TENANCY', 'ABOUT'],
        list.seen.map((row) => [row.at, row.who, row.organisation, row.what, row.tenancy, row.detail]),
      ),
    );
  },
};
