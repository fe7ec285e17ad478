import { organisation, providerSetup } from '#contract/community';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'community setup',
  summary: 'Set up the provider, its two environments and its own tenancies.',
  options: {
    id: { value: 'ID', about: 'Short and lower case; begins the ids of its tenancies.', required: true },
    name: { value: 'NAME', about: 'As people know it.', required: true },
  },
  examples: ['ironbark community setup --id wattle --name "Wattle Sovereign Cloud"'],
  async run({ text, server, show }) {
    const body = providerSetup.parse({ id: text('id'), name: text('name') });
    const made = await server().send('POST', '/api/setup/provider', { json: body }, organisation);
    show(made, () => [
      `${made.name} is the provider, in the environments odce (OFFICIAL) and pdce (PROTECTED).`,
      `Its own tenancies are ${made.id}-odce and ${made.id}-pdce.`,
    ]);
  },
};
