import { editionDiff } from '#contract/governance/frameworks';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { findEdition } from './framework-editions.ts';
import { plain } from './table.ts';

export const command: Command = {
  name: 'framework diff',
  summary: 'Say what changed from one edition to another, control by control and word by word.',
  args: 'FROM TO',
  options: { words: { about: 'Show the words that changed.' } },
  examples: ['ironbark framework diff ism@2025.10.8 ism@2025.12.9 --words'],
  async run({ args: [from = '', to = ''], on, server, show }) {
    const [before, after] = [await findEdition(server(), from), await findEdition(server(), to)];
    const diff = await server().get(
      `/api/frameworks/diff${query({ from: before.id, to: after.id })}`,
      editionDiff,
    );
    const { counts } = diff;
    show(diff, () => [
      `${counts.added} added, ${counts.removed} removed, ${counts.reworded} reworded (${counts.silently} of them without a new revision), ${counts.applicability} with another applicability, ${counts.e8Levels} with other Essential Eight levels, ${counts.same} the same.`,
      ...diff.added.map(({ id, statement }) => `+ ${id} ${plain(statement)}`),
      ...diff.removed.map(({ id, statement }) => `- ${id} ${plain(statement)}`),
      ...diff.changed
        .filter(({ reworded }) => reworded)
        .map(({ id, words }) =>
          on('words')
            ? `~ ${id} ${words.map(({ kind, text }) => (kind === 'same' ? plain(text) : kind === 'added' ? `{+${plain(text)}+}` : `[-${plain(text)}-]`)).join('')}`
            : `~ ${id}`,
        ),
    ]);
  },
};
