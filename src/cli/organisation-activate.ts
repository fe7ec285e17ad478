import type { Command } from './command.ts';
import { move, moveOptions } from './organisation-move.ts';

export const command: Command = {
  name: 'organisation activate',
  summary: 'Service an organisation: once every condition of its commencement is met, or again.',
  args: 'ID',
  options: moveOptions,
  examples: ['ironbark organisation activate acme --environment odce --reason "commencement complete"'],
  run: (call) => move(call, 'active'),
};
