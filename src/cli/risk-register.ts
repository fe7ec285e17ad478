import { register } from '#contract/governance/risk';
import type { Command } from './command.ts';
import { environment, percent } from './risk/words.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'risk register',
  summary: 'List the register of risks, what is done about each and whether an acceptance holds.',
  options: environment,
  examples: ['ironbark risk register --environment odce'],
  async run({ text, server, show }) {
    const path = `/api/risk/${encodeURIComponent(text('environment') ?? '')}/register`;
    const { risks } = await server().get(path, register);
    show({ risks }, () =>
      table(
        ['ID', 'RISK', 'NOW', 'TREATMENT', 'OWNER', 'DUE', 'ACCEPTED'],
        risks.map((one) => [
          one.id,
          one.title,
          one.now === null ? 'no figure' : `${percent(one.now.low)} to ${percent(one.now.high)}`,
          one.treatment,
          one.owner,
          one.dueAt?.slice(0, 10) ?? null,
          one.acceptance === null
            ? null
            : (one.acceptance.lapsedBecause ??
              `up to ${percent(one.acceptance.ceiling)} until ${one.acceptance.until.slice(0, 10)}`),
        ]),
      ),
    );
  },
};
