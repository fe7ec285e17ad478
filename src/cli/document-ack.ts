import { myDocument } from '#contract/governance/policies';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { plain } from './table.ts';

export const command: Command = {
  name: 'document ack',
  summary:
    'Print a document that is for you to read, and with --read say that you have (with your own IRONBARK_TOKEN).',
  args: 'ID',
  options: { read: { about: 'You have read the version in force.' } },
  examples: ['ironbark document ack system-usage-policy', 'ironbark document ack system-usage-policy --read'],
  async run({ args: [id = ''], on, server, show }) {
    const api = server();
    const read = await api.get(at`/api/documents/mine/${id}`, myDocument);
    if (!on('read'))
      return show(read, () => [
        ...read.text.split('\n').map(plain),
        `version ${read.version}, sha256 ${read.sha256}: ${read.state}`,
      ]);
    const json = { version: read.version, sha256: read.sha256 };
    const one = await api.send('POST', at`/api/documents/${id}/acknowledgements`, { json }, myDocument);
    show(one, () => `${one.title}: version ${one.version} is acknowledged.`);
  },
};
