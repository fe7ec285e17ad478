import { comparison } from '#contract/community/agreements';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { plain } from './table.ts';

export const command: Command = {
  name: 'agreement diff',
  summary: 'Compare two versions of the community policy, clause by clause.',
  args: 'FROM TO',
  examples: ['ironbark agreement diff 1 2'],
  async run({ args, server, show }) {
    const path = `/api/agreements/versions/${Number(args[1])}/comparison${query({ with: args[0] })}`;
    const found = await server().get(path, comparison);
    show(found, () => [
      ...found.clauses.flatMap(({ before, after, title, changes, words }) => [
        plain(`${before ?? '–'} -> ${after ?? '–'}  ${title}: ${changes.join(', ')}`),
        ...(words.length === 0
          ? []
          : [
              `    ${plain(
                words
                  .map(({ kind, text }) =>
                    kind === 'same' ? text : kind === 'added' ? `{+${text}+}` : `[-${text}-]`,
                  )
                  .join(''),
              )}`,
            ]),
      ]),
      ...found.terms.map(({ name, before, after }) => plain(`${name}: ${before ?? '–'} -> ${after ?? '–'}`)),
    ]);
  },
};
