import { undoResult } from '#contract/soc/triage';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'alert undo',
  summary: 'Take an action back, within 10 minutes of it.',
  args: 'TOKEN',
  examples: ['ironbark alert undo 8Zk1q0'],
  async run({ args: [undo], server, show }) {
    const result = await server().send('POST', '/api/alerts/undo', { json: { undo } }, undoResult);
    show(result, () => 'It is as it was before, where nobody has changed it since.');
  },
};
