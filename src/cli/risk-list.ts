import { runList } from '#contract/governance/risk';
import type { Command } from './command.ts';
import { environment, percent } from './risk/words.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'risk list',
  summary: 'List the runs of a system, the newest first.',
  options: environment,
  examples: ['ironbark risk list --environment odce'],
  async run({ text, server, show }) {
    const path = `/api/risk/${encodeURIComponent(text('environment') ?? '')}/runs`;
    const { runs } = await server().get(path, runList);
    show({ runs }, () =>
      table(
        ['RUN', 'AT', 'MOST PROBABLE', 'EXPECTED AUD', 'MODEL', 'SEED'],
        runs.map((one) => [one.id, one.at, percent(one.top), one.lossMean, one.model.slice(0, 12), one.seed]),
      ),
    );
  },
};
