import { actionCommand } from './alert-act.ts';

export const command = actionCommand({
  name: 'alert acknowledge',
  summary: 'Say that you work on it.',
  examples: ['ironbark alert acknowledge 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11'],
  do: () => ({ action: 'acknowledge' }),
});
