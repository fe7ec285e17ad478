import type { Command } from './command.ts';
import { move, moveOptions } from './organisation-move.ts';

export const command: Command = {
  name: 'organisation commence',
  summary: 'Begin the commencement of an invited organisation.',
  args: 'ID',
  options: moveOptions,
  examples: ['ironbark organisation commence acme --environment odce --reason "invitation accepted"'],
  run: (call) => move(call, 'commencing'),
};
