import { supportSession } from '#contract/community/support';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'support review',
  summary: 'Close the review of break glass (CISO or COO, without a part in it).',
  args: 'ID',
  options: { finding: { value: 'TEXT', about: 'What the review found.', required: true } },
  examples: [
    'ironbark support review 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11 --finding "Justified; the account was closed after."',
  ],
  async run({ args: [id = ''], text, server, show }) {
    const body = { json: { finding: text('finding') } };
    const session = await server().send('POST', at`/api/support/sessions/${id}/review`, body, supportSession);
    show(session, () => `${session.id} is ${session.state} now.`);
  },
};
