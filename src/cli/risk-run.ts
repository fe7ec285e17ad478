import { riskPage } from '#contract/governance/risk';
import type { Command } from './command.ts';
import { environment, percent } from './risk/words.ts';

export const command: Command = {
  name: 'risk run',
  summary: 'Work out the risk of a system now; the same facts make no new run.',
  options: environment,
  examples: ['ironbark risk run --environment odce'],
  async run({ text, server, show }) {
    const page = await server().send(
      'POST',
      `/api/risk/${encodeURIComponent(text('environment') ?? '')}/runs`,
      undefined,
      riskPage,
    );
    show(page, () => [
      page.run === null
        ? 'Nothing was worked out.'
        : `${page.run.id}: the most probable loss ${percent(page.run.top)}; AUD ${page.run.lossMean} expected in ${page.result?.parameters.horizonDays ?? 30} days; ${page.run.draws} draws of seed ${page.run.seed}.`,
    ]);
  },
};
