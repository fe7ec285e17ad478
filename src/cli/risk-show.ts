import { riskPage } from '#contract/governance/risk';
import type { Command } from './command.ts';
import { environment, percent } from './risk/words.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'risk show',
  summary: 'Show the newest run: what may be lost, how probable it is, and why.',
  options: environment,
  examples: ['ironbark risk show --environment odce', 'ironbark risk show --environment odce --json'],
  async run({ text, server, show }) {
    const path = `/api/risk/${encodeURIComponent(text('environment') ?? '')}`;
    const page = await server().get(path, riskPage);
    show(page, () => [
      ...table(
        ['ASSET', 'LOSS OF', 'PROBABILITY', '5 %', '95 %', 'MOST OFTEN BY'],
        (page.result?.outcomes ?? []).slice(0, 30).map((one) => {
          const causes = page.result?.causes.find(
            ({ asset, dimension }) => asset === one.asset && dimension === one.dimension,
          );
          const by = causes?.sets[0]?.roots.map(({ title, name }) => `${title} on ${name}`).join(' and ');
          return [
            one.name,
            one.dimension,
            percent(one.probability),
            percent(one.low),
            percent(one.high),
            by ?? null,
          ];
        }),
      ),
      '',
      ...table(
        ['WHAT HELPS MOST', 'HOURS', 'LOSS SAVED AN HOUR'],
        (page.result?.treatments ?? [])
          .slice(0, 10)
          .map((one) => [one.title, one.hours, Math.round(one.lossDropPerHour)]),
      ),
    ]);
  },
};
