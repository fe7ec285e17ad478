import { contentList } from '#contract/platform/content';
import type { Command } from './command.ts';
import { signatureWord } from './content-client.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'content list',
  summary: 'List content packs, in their versions.',
  options: { kind: { value: 'KIND', about: 'Only of this kind.' } },
  examples: ['ironbark content list', 'ironbark content list --kind rules'],
  async run({ text, server, show }) {
    const list = await server().get('/api/content', contentList);
    const packs = list.packs.filter(({ kind }) => text('kind') === undefined || kind === text('kind'));
    show({ ...list, packs }, () =>
      table(
        ['KIND', 'NAME', 'VERSION', 'STATE', 'SIGNATURE', 'WHAT', 'IMPORTED', 'BY', 'ID'],
        packs.map((pack) => [
          pack.kind,
          pack.name,
          pack.version,
          [pack.active ? 'active' : '', pack.older ? 'older' : ''].filter(Boolean).join(', '),
          signatureWord(pack),
          Object.entries(pack.facts)
            .map(([what, value]) => `${value} ${what}`)
            .join(', '),
          pack.importedAt,
          pack.importedBy,
          pack.id,
        ]),
      ),
    );
  },
};
