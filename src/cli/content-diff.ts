import { packDiff } from '#contract/platform/content';
import { at, query } from './client.ts';
import type { Command } from './command.ts';
import { findPack } from './content-client.ts';
import { plain } from './table.ts';

const marks = { added: '+', removed: '-', changed: '~' } as const;

export const command: Command = {
  name: 'content diff',
  summary: 'Show what changed from one version of a pack to another.',
  args: 'FROM TO',
  notes: ['Each is an ID, NAME@VERSION, or NAME for the version that is active.'],
  examples: ['ironbark content diff sigmahq@r2026-04-01 sigmahq@r2026-05-01'],
  async run({ args: [from = '', to = ''], server, show }) {
    const api = server();
    const before = await findPack(api, from);
    const after = await findPack(api, to);
    const diff = await api.get(
      `${at`/api/content/packs/${after.id}/diff`}${query({ with: before.id })}`,
      packDiff,
    );
    show(diff, () => [
      `${before.name} ${before.version} -> ${after.name} ${after.version}: ${diff.files.length} files differ`,
      ...(diff.changes === null
        ? diff.files.map(({ change, path }) => plain(`${marks[change]} ${path}`))
        : diff.changes.map(({ change, id, title, why }) =>
            plain(`${marks[change]} ${id}  ${title}${why === undefined ? '' : `  (${why})`}`),
          )),
      ...(diff.more > 0 ? [`and ${diff.more} more`] : []),
    ]);
  },
};
