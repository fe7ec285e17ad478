import { z } from 'zod';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { findPack } from './content-client.ts';

export const command: Command = {
  name: 'content remove',
  summary: 'Forget a version of a pack that is not active.',
  args: 'ID|NAME@VERSION',
  examples: ['ironbark content remove sigmahq@r2026-04-01'],
  async run({ args: [wanted = ''], server, show }) {
    const api = server();
    const { id, name, version } = await findPack(api, wanted);
    await api.send('DELETE', at`/api/content/packs/${id}`, undefined, z.unknown());
    show({ removed: id }, () => `${name} ${version} was forgotten.`);
  },
};
