import { outcome } from '#contract/soc/triage';
import { actionCommand } from './alert-act.ts';

export const command = actionCommand({
  name: 'alert close',
  summary: 'Close it with an outcome and a reason.',
  options: {
    outcome: {
      value: 'OUTCOME',
      about: 'true-positive, benign, false-positive or duplicate.',
      required: true,
    },
    reason: { value: 'TEXT', about: 'Why: the next analyst reads it.', required: true },
  },
  examples: [
    'ironbark alert close 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11 --outcome benign --reason "Planned test, change 4711"',
  ],
  do: ({ text }) => ({
    action: 'close',
    outcome: outcome.parse(text('outcome')),
    reason: text('reason') ?? '',
  }),
});
