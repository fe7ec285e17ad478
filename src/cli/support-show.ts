import { sessionDetail } from '#contract/community/support';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { sessionLines } from './support-words.ts';

export const command: Command = {
  name: 'support show',
  summary: 'One support session: approvals, who is waited for, recordings.',
  args: 'ID',
  examples: ['ironbark support show 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11'],
  async run({ args: [id = ''], server, show }) {
    const session = await server().get(at`/api/support/sessions/${id}`, sessionDetail);
    show(session, () => sessionLines(session));
  },
};
