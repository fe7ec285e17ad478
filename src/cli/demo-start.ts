import { z } from 'zod';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'demo start',
  summary: 'Explore the demo: an invented community, its story replayed through the real door.',
  examples: ['ironbark demo start'],
  async run({ server, show }) {
    await server().send('POST', '/api/setup/demo', undefined, z.unknown());
    show({ demo: true }, () => 'The demo is in, and goes on live. Everything it makes is labelled as demo.');
  },
};
