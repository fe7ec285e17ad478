import { supportSession } from '#contract/community/support';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'support end',
  summary: 'End a live session now: it is cut off within seconds.',
  args: 'ID',
  options: { reason: { value: 'TEXT', about: 'Why; both sides see it.', required: true } },
  examples: ['ironbark support end 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11 --reason "Done."'],
  async run({ args: [id = ''], text, server, show }) {
    const body = { json: { reason: text('reason') } };
    const session = await server().send('POST', at`/api/support/sessions/${id}/end`, body, supportSession);
    show(session, () => `${session.id} is ${session.state} now.`);
  },
};
