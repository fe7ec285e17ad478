import { actionCommand } from './alert-act.ts';

export const command = actionCommand({
  name: 'alert assign',
  summary: 'Give it to somebody.',
  options: {
    whom: { value: 'ID', about: 'Whose work it is from now on.', required: true },
  },
  examples: [
    'ironbark alert assign 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11 --whom 0199b7d2-11aa-7e7e-8a43-6cd1b7f0a2c3',
  ],
  do: ({ text }) => ({ action: 'assign', to: text('whom') ?? '' }),
});
