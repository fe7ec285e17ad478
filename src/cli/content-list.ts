import { ruleList } from '#contract/soc/detect';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'content list',
  summary: 'List content packs, in their versions.',
  examples: ['ironbark content list'],
  async run({ server, show }) {
    const { packs } = await server().get('/api/rules', ruleList);
    show({ packs }, () =>
      table(
        ['ID', 'NAME', 'VERSION', 'STATE', 'RULES', 'REJECTED', 'IMPORTED'],
        packs.map((pack) => [
          pack.id,
          pack.name,
          pack.version,
          pack.active ? 'active' : '',
          pack.rules,
          pack.rejected,
          pack.importedAt,
        ]),
      ),
    );
  },
};
