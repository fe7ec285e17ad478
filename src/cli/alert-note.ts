import { actionCommand } from './alert-act.ts';

export const command = actionCommand({
  name: 'alert note',
  summary: 'Write a note to it.',
  options: {
    note: { value: 'TEXT', about: 'What you found.', required: true },
  },
  examples: ['ironbark alert note 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11 --note "Asked the owner"'],
  do: ({ text }) => ({ action: 'note', note: text('note') ?? '' }),
});
