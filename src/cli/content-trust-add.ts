import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { trustedKey } from '#contract/platform/content';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'content trust add',
  summary: 'Take packs that this key signed. Compare the key with its owner first.',
  args: 'FILE',
  options: { name: { value: 'NAME', about: "Whose it is; the file's name when left out." } },
  examples: ['ironbark content trust add wattle.pub.pem --name "Wattle content"'],
  async run({ args: [file = ''], text, server, show }) {
    const json = { name: text('name') ?? basename(file), publicKey: readFileSync(file, 'utf8') };
    const key = await server().send('POST', '/api/content/keys', { json }, trustedKey);
    show(key, () => `Packs signed with ${key.id} (${key.algorithm}, ${key.name}) are taken now.`);
  },
};
