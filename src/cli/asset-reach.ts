import { made } from '#contract/assets';
import { assetId } from './assets.ts';
import { at, query } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'asset reach',
  summary: 'Say that from one asset another is reached in one step.',
  args: 'FROM TO',
  options: {
    via: { about: 'network, identity or admin.', value: 'WAY', required: true },
    probability: { about: 'That who holds the one gets to the other: 0 to 1.', value: 'NUMBER' },
    note: { about: 'Why.', value: 'TEXT' },
    end: { about: 'It is not reached any more.' },
  },
  examples: ['ironbark asset reach jump1 db1 --via admin --probability 0.5'],
  async run({ args, text, on, server, show }) {
    const from = await assetId(server(), args[0]);
    const to = await assetId(server(), args[1]);
    const via = text('via') ?? '';
    if (on('end')) {
      const path = `${at`/api/assets/${from}/reach/${to}`}${query({ via })}`;
      show(await server().send('DELETE', path, undefined, made), () => 'It is not reached any more.');
      return;
    }
    const json = { to, via, probability: Number(text('probability') ?? '1'), note: text('note') };
    const answer = await server().send('PUT', at`/api/assets/${from}/reach`, { json }, made);
    show(answer, () => 'The step is set.');
  },
};
