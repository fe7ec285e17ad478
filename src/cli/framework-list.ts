import { frameworkList } from '#contract/governance/frameworks';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'framework list',
  summary: 'List editions of frameworks, and which system uses which.',
  examples: ['ironbark framework list'],
  async run({ server, show }) {
    const answer = await server().get('/api/frameworks', frameworkList);
    show(answer, () =>
      table(
        ['FRAMEWORK', 'VERSION', 'CONTROLS', 'TITLE', 'USED BY', 'ID'],
        answer.editions.map((one) => [
          one.framework,
          one.version,
          one.controls,
          one.title,
          one.usedBy.map(({ environment, profile }) => `${environment} (${profile})`).join(', '),
          one.id,
        ]),
      ),
    );
  },
};
