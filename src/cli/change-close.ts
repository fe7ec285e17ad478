import { changeEnd, plannedChange } from '#contract/community/planned-changes';
import { changeLines } from './change-words.ts';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'change close',
  summary: 'Say what came of a change; nothing more is done under it.',
  args: 'CHANGE',
  options: {
    outcome: { value: 'OUTCOME', about: 'done, backed-out or not-done.', required: true },
    note: { value: 'TEXT', about: 'What there is to say of it.', required: true },
  },
  examples: ['ironbark change close 0193… --outcome done --note "no remarks"'],
  async run({ args, text, server, show }) {
    const json = changeEnd.parse({ outcome: text('outcome'), note: text('note') });
    const one = await server().send(
      'POST',
      at`/api/changes/${args[0] ?? ''}/outcome`,
      { json },
      plannedChange,
    );
    show(one, () => changeLines(one));
  },
};
