import { z } from 'zod';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'content remove',
  summary: 'Forget a version of a pack that is not active.',
  args: 'ID',
  examples: ['ironbark content remove 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11'],
  async run({ args: [id = ''], server, show }) {
    await server().send('DELETE', at`/api/rules/packs/${id}`, undefined, z.unknown());
    show({ removed: id }, () => `${id} was forgotten.`);
  },
};
