import { z } from 'zod';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'content trust remove',
  summary: 'Take no more packs that this key signed; those that are active stay so.',
  args: 'ID',
  examples: ['ironbark content trust remove 3b1f0c0f6f8d4f1e9d2a77c1b5a0e6d4'],
  async run({ args: [id = ''], server, show }) {
    await server().send('DELETE', at`/api/content/keys/${id}`, undefined, z.unknown());
    show({ removed: id }, () => `The key ${id} is not trusted any more.`);
  },
};
