import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { packKeys } from '#platform/content';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'content key',
  summary:
    'Make a key that signs packs: FILE (private, keep it) and FILE.pub (give it to those who trust you).',
  args: 'FILE',
  notes: ['Works without a server. Ed25519; a P-384 key made elsewhere is taken too.'],
  examples: ['ironbark content key wattle.pem'],
  async run({ args: [file = ''], show }) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    try {
      // "wx": a key that is there is never written over.
      writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
      writeFileSync(`${file}.pub`, pem, { flag: 'wx' });
    } catch (error) {
      throw new UsageError(`${file} or ${file}.pub is there already, or can not be written.`, {}, error);
    }
    const [key] = packKeys(file, pem);
    show({ id: key?.id ?? null, file, publicFile: `${file}.pub` }, () => [
      `${file} signs packs: keep it to yourself.`,
      `Those who are to take them: ironbark content trust add ${file}.pub`,
    ]);
  },
};
