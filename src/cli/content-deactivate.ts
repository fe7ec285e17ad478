import { contentPack } from '#contract/platform/content';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { findPack } from './content-client.ts';

export const command: Command = {
  name: 'content deactivate',
  summary: 'Take a pack out of work; its versions stay.',
  args: 'ID|NAME',
  examples: ['ironbark content deactivate sigmahq'],
  async run({ args: [wanted = ''], server, show }) {
    const api = server();
    const { id } = await findPack(api, wanted);
    const json = { active: false };
    const pack = await api.send('PATCH', at`/api/content/packs/${id}`, { json }, contentPack);
    show(pack, () => `${pack.name} ${pack.version} is not active any more.`);
  },
};
