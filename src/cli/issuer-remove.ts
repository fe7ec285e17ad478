import { z } from 'zod';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'issuer remove',
  summary: 'Forget an issuer. Accounts stay, and need another way to sign in.',
  args: 'ID',
  examples: ['ironbark issuer remove agency'],
  async run({ args: [id = ''], server, show }) {
    await server().send('DELETE', at`/api/issuers/${id}`, undefined, z.unknown());
    show({ removed: id }, () => `${id} was forgotten.`);
  },
};
