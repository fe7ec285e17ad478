import { organisationDetail } from '#contract/community/organisations';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'organisation show',
  summary: 'Show an organisation: its tenancies, and what its commencement still takes.',
  args: 'ID',
  examples: ['ironbark organisation show acme'],
  async run({ args, server, show }) {
    const one = await server().get(at`/api/organisations/${args[0] ?? ''}`, organisationDetail);
    show(one, () => [
      `${one.name} (${one.kind})${one.abn === null ? '' : `, ABN ${one.abn}`}`,
      `Eligible: ${one.eligibility.basis ?? 'not recorded'}${one.eligibility.current ? '' : ', to be reviewed'}`,
      '',
      ...table(
        ['TENANCY', 'STATE', 'SINCE', 'AGREEMENT', 'SERVICES'],
        one.tenancies.map((tenancy) => [
          tenancy.id,
          tenancy.state,
          tenancy.since.slice(0, 10),
          tenancy.agreement?.state ?? null,
          tenancy.services.join(' ') || null,
        ]),
      ),
      ...one.conditions.flatMap(({ tenancy, conditions }) => [
        '',
        `Commencement of ${tenancy}:`,
        ...conditions.map(({ name, standing, detail }) => `  ${standing.padEnd(7)}  ${name}: ${detail}`),
      ]),
    ]);
  },
};
