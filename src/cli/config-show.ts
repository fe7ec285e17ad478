import { settings } from '#platform/config';
import type { Command } from './command.ts';
import { configOf } from './settings.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'config show',
  summary: 'List every setting, its value, and where the value is from.',
  examples: ['ironbark config show'],
  async run({ io, show }) {
    const { found, file } = configOf(io);
    const by = new Map(found.map((one) => [one.name as string, one]));
    const all = Object.entries(settings).map(([name, { env, about }]) => ({
      name,
      variable: env,
      value: by.get(name)?.value ?? null,
      from: by.get(name)?.from ?? 'unset',
      about,
    }));
    show({ file: file ?? null, settings: all }, () => [
      ...table(
        ['SETTING', 'VALUE', 'FROM', 'VARIABLE', 'ABOUT'],
        all.map(({ name, value, from, variable, about }) => [name, value, from, variable, about]),
      ),
      '',
      `File: ${file ?? 'none (ironbark.yaml in the project, or IRONBARK_CONFIG)'}`,
    ]);
  },
};
