import { sourceList } from '#contract/soc/sources';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'source list',
  summary: 'List the sources, with what was received, stored, rejected and is pending.',
  examples: ['ironbark source list', 'ironbark source list --json'],
  async run({ server, show }) {
    const answer = await server().get('/api/sources', sourceList);
    show(answer, () =>
      table(
        [
          'ID',
          'TENANCY',
          'STATE',
          'RECEIVED',
          'STORED',
          'REJECTED',
          'PENDING',
          'DUPLICATES',
          'REFUSED',
          'LAST EVENT',
        ],
        answer.sources.map(({ id, tenancy, state, balance }) => [
          id,
          tenancy,
          balance.silent ? `${state}, silent` : state,
          balance.received,
          balance.stored,
          balance.rejected,
          balance.pending,
          balance.duplicates,
          balance.refused,
          balance.lastEventAt,
        ]),
      ),
    );
  },
};
