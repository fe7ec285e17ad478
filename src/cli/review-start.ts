import { newReview, reviewDetail } from '#contract/identity/reviews';
import type { Command } from './command.ts';
import { reviewLines } from './reviews.ts';

export const command: Command = {
  name: 'review start',
  summary: 'Start an access review: who nobody speaks for by its end is suspended.',
  args: 'NAME',
  options: {
    organisation: { value: 'ID', about: 'Whose accounts. Left out: the whole community.' },
    days: { value: 'DAYS', about: 'Until it closes by itself. Left out: 14.' },
  },
  examples: ['ironbark review start "First quarter" --organisation acme --days 10'],
  async run({ args: [name], text, server, show }) {
    const days = text('days');
    const body = newReview.parse({
      name,
      organisation: text('organisation') ?? null,
      ...(days !== undefined && { days: Number(days) }),
    });
    const made = await server().send('POST', '/api/reviews', { json: body }, reviewDetail);
    show(made, () => reviewLines(made));
  },
};
