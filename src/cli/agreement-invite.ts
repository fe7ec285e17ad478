import { agreementState } from '#contract/community/agreements';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'agreement invite',
  summary: 'Invite an organisation to agree for an environment.',
  args: 'ORGANISATION ENVIRONMENT',
  examples: ['ironbark agreement invite acme odce'],
  async run({ args, server, show }) {
    const json = { organisation: args[0], environment: args[1], do: 'invite' };
    const state = await server().send('POST', '/api/agreements/steps', { json }, agreementState);
    show(state, () => `${args[0]} is invited for ${args[1]}.`);
  },
};
