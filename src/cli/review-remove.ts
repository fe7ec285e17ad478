import { reviewDecisions, reviewDetail } from '#contract/identity/reviews';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { reviewLines } from './reviews.ts';
import { findUser } from './users.ts';

export const command: Command = {
  name: 'review remove',
  summary: 'Suspend an account, and say why.',
  args: 'REVIEW E-MAIL',
  options: { reason: { value: 'TEXT', about: 'What speaks for it.', required: true } },
  examples: ['ironbark review remove 0198f2d1-… jo@wattle.example --reason "left the team"'],
  async run({ args: [review = '', email = ''], text, server, show }) {
    const api = server();
    const { id } = await findUser(api, email);
    const body = reviewDecisions.parse({ users: [id], decision: 'remove', reason: text('reason') });
    const path = at`/api/reviews/${review}/decisions`;
    const answer = await api.send('POST', path, { json: body }, reviewDetail);
    show(answer, () => reviewLines(answer));
  },
};
