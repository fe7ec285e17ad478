import { clearanceList } from '#contract/community/clearances';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'clearance list',
  summary: 'List who is cleared, and whether it counts now.',
  options: { due: { about: 'Only those that do not count, or have a warning.' } },
  examples: ['ironbark clearance list --due'],
  async run({ on, server, show }) {
    const answer = await server().get('/api/clearances', clearanceList);
    const clearances = answer.clearances.filter(({ why }) => !on('due') || why.length > 0);
    show({ clearances }, () =>
      table(
        ['PERSON', 'ORGANISATION', 'LEVEL', 'STATUS', 'SPONSOR', 'CONFIRMED', 'COUNTS', 'WHY'],
        clearances.map((one) => [
          one.person.email,
          one.person.organisation,
          one.level,
          one.status,
          one.sponsorActive ? one.sponsor : `${one.sponsor} (ended)`,
          one.confirmedAt?.slice(0, 10) ?? null,
          one.usable ? 'yes' : 'no',
          one.why.map(({ text }) => text).join(' '),
        ]),
      ),
    );
  },
};
