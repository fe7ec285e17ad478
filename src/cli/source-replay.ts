import { replayResult } from '#contract/soc/sources';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'source replay',
  summary: 'Let rejected items in again, all or those named.',
  args: 'ID [ITEM...]',
  examples: ['ironbark source replay dc01-winlogbeat'],
  async run({ args: [id = '', ...ids], server, show }) {
    const result = await server().send(
      'POST',
      at`/api/sources/${id}/rejected/replay`,
      { json: { ids } },
      replayResult,
    );
    show(result, () => `${result.replayed} went in again, ${result.rejectedAgain} would be rejected again.`);
  },
};
