import { controlList } from '#contract/governance/controls';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'control list',
  summary: 'List the controls of a system and how each stands.',
  args: 'ENVIRONMENT',
  options: {
    status: {
      about: 'Only these, in the words of the annex ("No Visibility").',
      value: 'STATUS',
      many: true,
    },
    level: { about: 'Only those of an Essential Eight level.', value: 'ML1|ML2|ML3' },
    unknown: { about: 'Only those nobody can say of.' },
    reaffirm: { about: 'Only those whose answer waits to be affirmed again.' },
  },
  examples: ['ironbark control list pdce --level ML2 --unknown'],
  async run({ args: [system = ''], text, texts, on, server, show }) {
    if (system === '') throw new UsageError('Name the environment.');
    const list = await server().get(at`/api/systems/${system}/controls`, controlList);
    const wanted = texts('status').map((one) => one.toLowerCase());
    const level = text('level')?.toUpperCase();
    const controls = list.controls.filter(
      (one) =>
        (wanted.length === 0 || wanted.includes(one.status.toLowerCase())) &&
        (level === undefined || one.e8Levels.includes(level)) &&
        (!on('unknown') || one.unknown) &&
        (!on('reaffirm') || one.reaffirm),
    );
    show({ ...list, controls }, () => [
      ...table(
        ['CONTROL', 'STATUS', 'BASIS', 'AS OF', 'OWNER', 'WHY'],
        controls.map((one) => [
          one.id,
          one.status,
          one.basis,
          one.asOf?.slice(0, 10) ?? null,
          one.owner,
          one.because,
        ]),
      ),
      '',
      `${controls.length} of ${list.controls.length} controls, as of ${list.at}.`,
    ]);
  },
};
