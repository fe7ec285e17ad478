import { reviewList } from '#contract/identity/reviews';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'review list',
  summary: 'List access reviews.',
  examples: ['ironbark review list'],
  async run({ server, show }) {
    const answer = await server().get('/api/reviews', reviewList);
    show(answer, () =>
      answer.reviews.length === 0
        ? ['No access review yet. Start one: ironbark review start "First quarter"']
        : table(
            ['ID', 'NAME', 'OF', 'DECIDED', 'DUE', 'STATE'],
            answer.reviews.map((one) => [
              one.id,
              one.name,
              one.organisation ?? 'the whole community',
              `${one.decided} of ${one.accounts}`,
              one.dueAt,
              one.closedAt === null ? 'open' : `closed ${one.closedAt}`,
            ]),
          ),
    );
  },
};
