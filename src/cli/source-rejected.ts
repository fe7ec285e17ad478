import { rejectedPage } from '#contract/soc/sources';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'source rejected',
  summary: 'Show what was rejected of a source, and why, newest first.',
  args: 'ID',
  examples: ['ironbark source rejected dc01-winlogbeat'],
  async run({ args: [id = ''], server, show }) {
    const page = await server().get(`${at`/api/sources/${id}/rejected`}?limit=50`, rejectedPage);
    show(page, () => [
      `${page.total} are kept, the newest:`,
      ...table(
        ['RECEIVED', 'ID', 'WHY', 'BYTES', 'STARTS WITH'],
        page.items.map((item) => [
          item.receivedAt,
          item.id,
          item.code,
          item.sizeBytes,
          item.preview.slice(0, 60),
        ]),
      ),
    ]);
  },
};
