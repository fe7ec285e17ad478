import { z } from 'zod';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'tenancy add',
  summary: 'Put an organisation into an environment.',
  args: 'ORGANISATION ENVIRONMENT',
  examples: ['ironbark tenancy add acme pdce'],
  async run({ args: [organisation, environment], server, show }) {
    const json = { organisation, environment };
    const made = await server().send(
      'POST',
      '/api/community/tenancies',
      { json },
      z.looseObject({ id: z.string() }),
    );
    show(made, () => `The tenancy ${made.id} was added.`);
  },
};
