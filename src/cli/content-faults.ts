import { contentList, type PackDetail, packDetail } from '#contract/platform/content';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { findPack } from './content-client.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'content faults',
  summary: 'List what of the active packs, or of one pack, is not used, and why.',
  args: '[ID|NAME]',
  examples: ['ironbark content faults', 'ironbark content faults sigmahq'],
  async run({ args: [wanted], server, show }) {
    const api = server();
    const packs =
      wanted === undefined
        ? (await api.get('/api/content', contentList)).packs.filter(({ active }) => active)
        : [await findPack(api, wanted)];
    const faults: (PackDetail['faults'][number] & { pack: string })[] = [];
    for (const { id, name } of packs) {
      const detail = await api.get(at`/api/content/packs/${id}`, packDetail);
      faults.push(...detail.faults.map((fault) => ({ pack: name, ...fault })));
    }
    show({ faults }, () =>
      table(
        ['PACK', 'FILE', 'LINE', 'WHAT', 'WHY'],
        faults.map(({ pack, file, line, what, why }) => [pack, file, line ?? null, what, why]),
      ),
    );
  },
};
