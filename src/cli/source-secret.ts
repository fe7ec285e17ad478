import { sourceCreated } from '#contract/soc/sources';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'source secret',
  summary: "Renew a source's token or password; the old one ends now.",
  args: 'ID',
  examples: ['ironbark source secret dc01-winlogbeat'],
  async run({ args: [id = ''], server, show }) {
    const made = await server().send('POST', at`/api/sources/${id}/secret`, undefined, sourceCreated);
    show(made, () => [`${made.source.id} has a new secret, shown this once:`, `  ${made.secret}`]);
  },
};
