import { proposalList } from '#contract/assets';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'asset proposed',
  summary: 'List hosts that events came from and the inventory does not know.',
  options: { all: { about: 'Those that were accepted or ignored as well.' } },
  examples: ['ironbark asset proposed'],
  async run({ on, server, show }) {
    const answer = await server().get(
      `/api/assets/proposals${on('all') ? '' : '?state=proposed'}`,
      proposalList,
    );
    show(answer, () =>
      table(
        ['HOST', 'TENANCY', 'FIRST SEEN', 'LAST SEEN', 'EVENTS', 'STATE', 'WHY'],
        answer.proposals.map((one) => [
          one.hostname,
          one.tenancy,
          one.firstSeenAt.slice(0, 16),
          one.lastSeenAt.slice(0, 16),
          one.events,
          one.state,
          one.why,
        ]),
      ),
    );
  },
};
