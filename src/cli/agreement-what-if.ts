import { whatIf } from '#contract/community/agreements';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'agreement what-if',
  summary: 'Who would be without service if a version had to be agreed to by a date.',
  args: 'VERSION TIME',
  examples: ['ironbark agreement what-if 2 2027-03-01T00:00:00Z'],
  async run({ args, server, show }) {
    const path = `/api/agreements/versions/${Number(args[0])}/what-if${query({ on: args[1] })}`;
    const found = await server().get(path, whatIf);
    show(found, () => [
      ...table(
        ['ORGANISATION', 'ENVIRONMENT', 'NOW', 'THEN', 'LOSES SERVICE', 'WHY'],
        found.effects.map((one) => [
          one.organisation,
          one.environment,
          one.now.state,
          one.later.state,
          one.losesService ? 'yes' : 'no',
          one.why,
        ]),
      ),
      ...(found.earliest === null
        ? []
        : ['', `The notice that was agreed to allows no date before ${found.earliest}.`]),
    ]);
  },
};
