import type { Command } from './command.ts';
import { move, moveOptions } from './organisation-move.ts';

export const command: Command = {
  name: 'organisation leave',
  summary: 'An organisation leaves: its data is kept for 30 days.',
  args: 'ID',
  options: moveOptions,
  examples: ['ironbark organisation leave acme --environment odce --reason "contract ended"'],
  run: (call) => move(call, 'leaving'),
};
