import { source } from '#contract/soc/sources';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'source pause',
  summary: 'Tell a source to wait: it keeps its events until it is resumed.',
  args: 'ID',
  examples: ['ironbark source pause dc01-winlogbeat'],
  async run({ args: [id = ''], server, show }) {
    const changed = await server().send(
      'PATCH',
      at`/api/sources/${id}`,
      { json: { state: 'paused' } },
      source,
    );
    show(changed, () => `${changed.id} waits.`);
  },
};
