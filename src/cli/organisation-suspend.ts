import type { Command } from './command.ts';
import { move, moveOptions } from './organisation-move.ts';

export const command: Command = {
  name: 'organisation suspend',
  summary: 'Suspend the service of an organisation.',
  args: 'ID',
  options: moveOptions,
  examples: ['ironbark organisation suspend acme --environment odce --reason "incident 7"'],
  run: (call) => move(call, 'suspended'),
};
