import { ruleList } from '#contract/soc/detect';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'content faults',
  summary: 'List every rule that was rejected, with its reason.',
  examples: ['ironbark content faults'],
  async run({ server, show }) {
    const { faults } = await server().get('/api/rules', ruleList);
    show({ faults }, () =>
      table(
        ['FILE', 'LINE', 'RULE', 'WHAT', 'WHY'],
        faults.map(({ file, line, ruleId, what, why }) => [file, line, ruleId, what, why]),
      ),
    );
  },
};
