import { documentDiff } from '#contract/governance/policies';
import { at, query } from './client.ts';
import type { Command } from './command.ts';
import { plain } from './table.ts';

const marks = { same: ' ', added: '+', removed: '-', changed: '~' } as const;

export const command: Command = {
  name: 'document diff',
  summary: 'Show what changed between two versions of a document.',
  args: 'ID FROM TO',
  examples: ['ironbark document diff system-usage-policy 1 2'],
  async run({ args: [id = '', from = '', to = ''], server, show }) {
    const diff = await server().get(`${at`/api/documents/${id}/diff`}${query({ from, to })}`, documentDiff);
    show(diff, () =>
      diff.blocks.flatMap(({ kind, pieces }) => {
        const text = (left: 'added' | 'removed'): string =>
          plain(pieces.flatMap((one) => (one.kind === left ? [] : [one.text])).join(''));
        if (kind !== 'changed') return [`${marks[kind]} ${plain(pieces.map((one) => one.text).join(''))}`];
        return [`- ${text('added')}`, `+ ${text('removed')}`];
      }),
    );
  },
};
