import { actionCommand } from './alert-act.ts';

export const command = actionCommand({
  name: 'alert escalate',
  summary: 'Escalate it.',
  options: {
    reason: { value: 'TEXT', about: 'Why: the shift lead reads it.', required: true },
  },
  examples: [
    'ironbark alert escalate 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11 --reason "Domain controller involved"',
  ],
  do: ({ text }) => ({ action: 'escalate', reason: text('reason') ?? '' }),
});
