import { user } from '#contract/identity';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { findUser } from './users.ts';

export const command: Command = {
  name: 'user lock',
  summary: 'Lock an account and end its sessions, until it is unlocked.',
  args: 'E-MAIL',
  examples: ['ironbark user lock jo@wattle.example'],
  async run({ args: [email = ''], server, show }) {
    const api = server();
    const { id } = await findUser(api, email);
    const changed = await api.send('PATCH', at`/api/users/${id}`, { json: { locked: true } }, user);
    show(changed, () => `${changed.name} is locked.`);
  },
};
