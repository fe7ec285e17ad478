import { made } from '#contract/assets';
import { assetId } from './assets.ts';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'asset merge',
  summary: 'Make one asset part of another, or take it out again.',
  args: 'KEPT OTHER',
  options: {
    why: { about: 'Why, for the ledger.', value: 'TEXT', required: true },
    undo: { about: 'Take OTHER (by its id) out of KEPT again.' },
  },
  examples: ['ironbark asset merge web1 0193… --why "the same machine"'],
  async run({ args, text, on, server, show }) {
    const kept = await assetId(server(), args[0]);
    // What is merged goes by the name of what it is part of: only its id still tells it.
    const other = on('undo') ? args[1] : await assetId(server(), args[1]);
    const verb = on('undo') ? 'unmerge' : 'merge';
    const json = { other, why: text('why') };
    const answer = await server().send('POST', at`/api/assets/${kept}/${verb}`, { json }, made);
    show(answer, () => (on('undo') ? 'They are two again.' : `They are one: ${answer.id}.`));
  },
};
