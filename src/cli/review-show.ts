import { reviewDetail } from '#contract/identity/reviews';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { reviewLines } from './reviews.ts';

export const command: Command = {
  name: 'review show',
  summary: 'Show an access review and its accounts.',
  args: 'ID',
  examples: ['ironbark review show 0198f2d1-…'],
  async run({ args: [id = ''], server, show }) {
    const answer = await server().get(at`/api/reviews/${id}`, reviewDetail);
    show(answer, () => reviewLines(answer));
  },
};
