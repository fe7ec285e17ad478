import { plannedChange } from '#contract/community/planned-changes';
import { changeLines } from './change-words.ts';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'change approve',
  summary: 'Approve a change that somebody else asked for.',
  args: 'CHANGE',
  options: { note: { value: 'TEXT', about: 'Why.', required: true } },
  examples: ['ironbark change approve 0193… --note "as discussed"'],
  async run({ args, text, server, show }) {
    const json = { decision: 'approve', note: text('note') };
    const one = await server().send(
      'POST',
      at`/api/changes/${args[0] ?? ''}/decision`,
      { json },
      plannedChange,
    );
    show(one, () => changeLines(one));
  },
};
