import { environment } from '#contract/community';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'environment add',
  summary: 'Add an environment beside odce and pdce.',
  args: 'ID',
  options: {
    name: { value: 'NAME', about: 'As people know it.', required: true },
    marking: {
      value: 'MARKING',
      about: 'The highest marking of what it may hold, as the badge shows it.',
      required: true,
    },
  },
  examples: ['ironbark environment add sdce --name "SECRET Data Community Environment" --marking SECRET'],
  async run({ args: [id], text, server, show }) {
    const body = environment.parse({ id, name: text('name'), marking: text('marking') });
    const made = await server().send('POST', '/api/community/environments', { json: body }, environment);
    show(made, () => `The environment ${made.id} was added, with the provider's own tenancy in it.`);
  },
};
