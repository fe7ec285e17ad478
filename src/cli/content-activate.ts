import { contentPack } from '#contract/platform/content';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { findPack } from './content-client.ts';

export const command: Command = {
  name: 'content activate',
  summary: "Make a pack's version the active one of its name.",
  args: 'ID|NAME@VERSION',
  options: { older: { about: 'Also where it was made before a version that was taken.' } },
  examples: ['ironbark content activate sigmahq@r2026-05-01'],
  async run({ args: [wanted = ''], on, server, show }) {
    const api = server();
    const { id } = await findPack(api, wanted);
    const json = { active: true, older: on('older') };
    const pack = await api.send('PATCH', at`/api/content/packs/${id}`, { json }, contentPack);
    show(pack, () => `${pack.name} ${pack.version} is active now.`);
  },
};
