import { contentList } from '#contract/platform/content';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'content trust list',
  summary: 'List the keys whose signatures on packs are taken.',
  examples: ['ironbark content trust list'],
  async run({ server, show }) {
    const { keys, plain } = await server().get('/api/content', contentList);
    show({ keys, plain }, () => [
      ...table(
        ['ID', 'NAME', 'ALGORITHM', 'ADDED', 'BY'],
        keys.map((key) => [key.id, key.name, key.algorithm, key.addedAt, key.addedBy ?? 'the configuration']),
      ),
      '',
      `Packs that nobody signed are ${plain}.`,
    ]);
  },
};
