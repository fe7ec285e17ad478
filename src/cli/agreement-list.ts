import { agreementOverview } from '#contract/community/agreements';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'agreement list',
  summary: 'List where each organisation stands in each environment.',
  examples: ['ironbark agreement list'],
  async run({ server, show }) {
    const seen = await server().get('/api/agreements', agreementOverview);
    show(seen, () =>
      table(
        ['ORGANISATION', 'ENVIRONMENT', 'STATE', 'VERSION', 'REQUIRED', 'UNTIL'],
        seen.standings.map(({ organisation, environment, state }) => [
          organisation,
          environment,
          state.state,
          state.version,
          state.required,
          state.until,
        ]),
      ),
    );
  },
};
