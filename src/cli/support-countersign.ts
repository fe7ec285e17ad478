import { sessionDetail } from '#contract/community/support';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { sessionLines } from './support-words.ts';

export const command: Command = {
  name: 'support countersign',
  summary: 'Show the summary, and the page where a passkey countersigns it.',
  args: 'ID',
  examples: ['ironbark support countersign 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11'],
  async run({ args: [id = ''], server, show }) {
    const client = server();
    const session = await client.get(at`/api/support/sessions/${id}`, sessionDetail);
    const link = `${client.url}/support/${session.id}`;
    show({ link, state: session.state, digest: session.digest }, () => [
      ...sessionLines(session),
      '',
      `Signing takes a passkey, so it is done in the page: ${link}`,
    ]);
  },
};
