import { contentPack } from '#contract/platform/content';
import type { Command } from './command.ts';
import { findPack } from './content-client.ts';

export const command: Command = {
  name: 'content rollback',
  summary: 'Go back to the version of a name that was active before.',
  args: 'NAME',
  examples: ['ironbark content rollback sigmahq'],
  async run({ args: [wanted = ''], server, show }) {
    const api = server();
    const { kind, name } = await findPack(api, wanted);
    const pack = await api.send('POST', '/api/content/rollbacks', { json: { kind, name } }, contentPack);
    show(pack, () => `${pack.name} is back at ${pack.version}.`);
  },
};
