import type { Command } from './command.ts';
import { configOf } from './settings.ts';

export const command: Command = {
  name: 'config check',
  summary: 'Check the settings without starting anything.',
  examples: ['ironbark config check', 'IRONBARK_CONFIG=/etc/ironbark.yaml ironbark config check'],
  async run({ io, show }) {
    const { found, file } = configOf(io);
    const set = found.filter(({ from }) => from !== 'default').length;
    show(
      { ok: true, file: file ?? null, set },
      () => `The settings are good: ${set} set, the others at their defaults.`,
    );
  },
};
