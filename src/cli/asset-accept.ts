import { z } from 'zod';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'asset accept',
  summary: 'Take proposed hosts into the inventory.',
  args: 'HOST...',
  options: {
    tenancy: { about: 'Whose hosts they are.', value: 'TENANCY', required: true },
    why: { about: 'Why, for the ledger.', value: 'TEXT' },
  },
  examples: ['ironbark asset accept web7 web8 --tenancy acme-odce'],
  async run({ args, text, server, show }) {
    if (args.length === 0) throw new UsageError('Name the hosts.');
    const json = { tenancy: text('tenancy'), hostnames: args, decision: 'accept', why: text('why') };
    const answer = await server().send(
      'POST',
      '/api/assets/proposals/decision',
      { json },
      z.object({ decided: z.number() }),
    );
    show(answer, () => `Taken in: ${answer.decided}.`);
  },
};
