import { made } from '#contract/assets';
import { assetId, degreesOption } from './assets.ts';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'asset depend',
  summary: 'Say that an asset depends on another, and by how much.',
  args: 'ASSET ON',
  options: {
    degrees: {
      about:
        'Felt of its loss, for confidentiality/integrity/availability: 0, 0.01, 0.1, 0.5, 0.9 or 1. 1/1/1 where it is left out.',
      value: 'C/I/A',
    },
    gate: {
      about: 'A group that is felt together: "any NAME", "all NAME", or "K NAME" where K of them are needed.',
      value: 'GATE',
    },
    note: { about: 'Why.', value: 'TEXT' },
    end: { about: 'It depends on it no more.' },
  },
  examples: ['ironbark asset depend Payroll db1 --degrees 0.9/0.9/1 --gate "1 database pair"'],
  async run({ args, text, on, server, show }) {
    const asset = await assetId(server(), args[0]);
    const other = await assetId(server(), args[1]);
    if (on('end')) {
      const ended = await server().send(
        'DELETE',
        at`/api/assets/${asset}/dependencies/${other}`,
        undefined,
        made,
      );
      show(ended, () => 'It depends on it no more.');
      return;
    }
    const json = {
      on: other,
      ...degreesOption(text('degrees') ?? '1/1/1'),
      gate: gateOption(text('gate')),
      note: text('note'),
    };
    const answer = await server().send('PUT', at`/api/assets/${asset}/dependencies`, { json }, made);
    show(answer, () => 'The dependency is set.');
  },
};

function gateOption(text: string | undefined): object | undefined {
  if (text === undefined) return undefined;
  const [, first = '', name] = /^(\S+)\s+(.+)$/.exec(text) ?? [];
  if (name === undefined || !/^(any|all|\d{1,4})$/.test(first))
    throw new UsageError(`"${text}" is no gate: write "any NAME", "all NAME" or "K NAME".`);
  return /^\d/.test(first) ? { kind: 'k-of-n', k: Number(first), name } : { kind: first, name };
}
