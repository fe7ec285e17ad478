import { actionCommand } from './alert-act.ts';

export const command = actionCommand({
  name: 'alert reopen',
  summary: 'Open it again.',
  options: {
    reason: { value: 'TEXT', about: 'Why: the next analyst reads it.', required: true },
  },
  examples: ['ironbark alert reopen 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11 --reason "It came back"'],
  do: ({ text }) => ({ action: 'reopen', reason: text('reason') ?? '' }),
});
