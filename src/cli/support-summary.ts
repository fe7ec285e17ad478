import { supportSession } from '#contract/community/support';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'support summary',
  summary: 'Say what was changed; the customer countersigns it.',
  args: 'ID',
  options: { changed: { value: 'TEXT', about: 'What was changed.', required: true } },
  examples: [
    'ironbark support summary 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11 --changed "Put the old library back."',
  ],
  async run({ args: [id = ''], text, server, show }) {
    const body = { json: { changed: text('changed') } };
    const session = await server().send(
      'POST',
      at`/api/support/sessions/${id}/summary`,
      body,
      supportSession,
    );
    show(session, () => `${session.id} is ${session.state} now.`);
  },
};
