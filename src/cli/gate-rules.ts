import { ruleList } from '#contract/community/gate';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'gate rules',
  summary: 'List the actions and every gate with its clause and who can mend it.',
  examples: ['ironbark gate rules', 'ironbark gate rules --json'],
  async run({ server, show }) {
    const list = await server().get('/api/gate/rules', ruleList);
    show(list, () => [
      ...table(
        ['ACTION', 'WHAT', 'BY', 'RESOURCES', 'ROLES'],
        Object.entries(list.parameters.actions).map(([name, { label, by, resources, roles }]) => [
          name,
          label,
          by,
          resources.join(', '),
          roles.join(', '),
        ]),
      ),
      '',
      ...table(
        ['GATE', 'CLAUSE', 'WHO CAN MEND IT', 'CAN BE ASKED FOR'],
        list.rules.map(({ id, clause, who, requestable }) => [id, clause, who, requestable ? 'yes' : 'no']),
      ),
      '',
      `Policy version ${list.policyVersion}.`,
    ]);
  },
};
