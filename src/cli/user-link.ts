import { userCreated } from '#contract/identity';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { findUser } from './users.ts';

export const command: Command = {
  name: 'user link',
  summary: 'Make a new one-time sign-in link, for who lost password or second factor.',
  args: 'E-MAIL',
  examples: ['ironbark user link jo@wattle.example'],
  async run({ args: [email = ''], server, show }) {
    const api = server();
    const { id } = await findUser(api, email);
    const made = await api.send('POST', at`/api/users/${id}/link`, undefined, userCreated);
    show(made, () => [
      `Using it replaces password and second factor of ${made.user.name}:`,
      `  ${made.link}`,
    ]);
  },
};
