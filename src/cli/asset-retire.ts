import { made } from '#contract/assets';
import { assetId } from './assets.ts';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'asset retire',
  summary: 'Say that an asset is gone; what is known of it stays.',
  args: 'ASSET',
  options: {
    why: { about: 'Why, for the ledger.', value: 'TEXT', required: true },
    undo: { about: 'It is in use after all.' },
  },
  examples: ['ironbark asset retire web1 --why "scrapped, certificate 12"'],
  async run({ args, text, on, server, show }) {
    const id = await assetId(server(), args[0]);
    const json = { why: text('why') };
    const answer = await server().send(
      'POST',
      at`/api/assets/${id}/${on('undo') ? 'restore' : 'retire'}`,
      { json },
      made,
    );
    show(answer, () => (on('undo') ? 'It is in use.' : 'It is retired.'));
  },
};
