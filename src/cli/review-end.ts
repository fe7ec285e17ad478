import { reviewDetail } from '#contract/identity/reviews';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { reviewLines } from './reviews.ts';

export const command: Command = {
  name: 'review end',
  summary: 'Close an access review now: accounts that nobody decided about are suspended.',
  args: 'ID',
  examples: ['ironbark review end 0198f2d1-…'],
  async run({ args: [id = ''], server, show }) {
    const answer = await server().send('POST', at`/api/reviews/${id}/end`, undefined, reviewDetail);
    show(answer, () => reviewLines(answer));
  },
};
