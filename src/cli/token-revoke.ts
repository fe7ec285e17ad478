import { z } from 'zod';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'token revoke',
  summary: 'Revoke an API token: it is refused from now on.',
  args: 'ID',
  examples: ['ironbark token revoke 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11'],
  async run({ args: [id = ''], server, show }) {
    await server().send('DELETE', at`/api/tokens/${id}`, undefined, z.null());
    show({ revoked: id }, () => 'The token is revoked.');
  },
};
