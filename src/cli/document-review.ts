import { documentDetail, newReview } from '#contract/governance/policies';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'document review',
  summary: 'Record that a document was reviewed: it stands from today on, or needs a change.',
  args: 'ID',
  options: {
    note: { value: 'TEXT', about: 'What was looked at.', required: true },
    change: { about: 'It needs a change; its review stays due.' },
  },
  examples: ['ironbark document review system-usage-policy --note "Read it whole, nothing changed."'],
  async run({ args: [id = ''], text, on, server, show }) {
    const json = newReview.parse({ outcome: on('change') ? 'change-needed' : 'stands', note: text('note') });
    const one = await server().send('POST', at`/api/documents/${id}/reviews`, { json }, documentDetail);
    show(
      one,
      () => `${one.title}: ${one.review.state}, next review ${one.review.dueAt?.slice(0, 10) ?? 'none'}.`,
    );
  },
};
