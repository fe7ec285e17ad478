import { user } from '#contract/identity';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { findUser } from './users.ts';

export const command: Command = {
  name: 'user unlock',
  summary: 'Unlock an account, also after five wrong attempts.',
  args: 'E-MAIL',
  examples: ['ironbark user unlock jo@wattle.example'],
  async run({ args: [email = ''], server, show }) {
    const api = server();
    const { id } = await findUser(api, email);
    const changed = await api.send('PATCH', at`/api/users/${id}`, { json: { locked: false } }, user);
    show(changed, () => `${changed.name} is unlocked.`);
  },
};
