import { packDetail } from '#contract/platform/content';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { findPack, signatureWord } from './content-client.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'content show',
  summary: 'Show a pack: who signed it, its files, when its versions were active.',
  args: 'ID|NAME|NAME@VERSION',
  examples: ['ironbark content show sigmahq', 'ironbark content show ism@2025.12.9 --json'],
  async run({ args: [wanted = ''], server, show }) {
    const api = server();
    const { id } = await findPack(api, wanted);
    const pack = await api.get(at`/api/content/packs/${id}`, packDetail);
    show(pack, () => [
      `${pack.kind}: ${pack.name} ${pack.version}${pack.active ? ', active' : ''}; ${signatureWord(pack)}`,
      `  sha256 ${pack.sha256}`,
      `  from ${pack.origin}, by ${pack.importedBy}, ${pack.importedAt}`,
      ...Object.entries(pack.facts).map(([what, value]) => `  ${what}: ${value}`),
      '',
      ...table(
        ['FILE', 'BYTES', 'SHA-256'],
        pack.content.map(({ path, bytes, sha256 }) => [path, bytes, sha256]),
      ),
      ...(pack.activations.length === 0
        ? []
        : [
            '',
            ...table(
              ['ACTIVE FROM', 'VERSION', 'BY'],
              pack.activations.map((one) => [one.at, one.version, one.by]),
            ),
          ]),
    ]);
  },
};
