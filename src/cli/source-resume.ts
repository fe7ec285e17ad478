import { source } from '#contract/soc/sources';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'source resume',
  summary: 'Let a paused source send again.',
  args: 'ID',
  examples: ['ironbark source resume dc01-winlogbeat'],
  async run({ args: [id = ''], server, show }) {
    const changed = await server().send(
      'PATCH',
      at`/api/sources/${id}`,
      { json: { state: 'active' } },
      source,
    );
    show(changed, () => `${changed.id} may send.`);
  },
};
