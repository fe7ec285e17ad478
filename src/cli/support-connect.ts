import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { certificateIssued } from '#contract/community/support';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'support connect',
  summary: 'Get the certificate for a session beside your key, and the ssh command that uses it.',
  args: 'ID',
  options: { key: { value: 'FILE', about: 'Your private key; ~/.ssh/id_ed25519 when left out.' } },
  notes: ['Where the gate asks for a sign-in with a passkey, get the certificate in the page instead.'],
  examples: ['ironbark support connect 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11'],
  async run({ args: [id = ''], text, server, show }) {
    const key = text('key') ?? join(homedir(), '.ssh', 'id_ed25519');
    const body = { json: { publicKey: publicHalf(key) } };
    const issued = await server().send(
      'POST',
      at`/api/support/sessions/${id}/certificate`,
      body,
      certificateIssued,
    );
    const hosts = `${key}.ironbark-hosts`;
    writeFileSync(`${key}-cert.pub`, issued.certificate);
    writeFileSync(hosts, `${issued.gateway.knownHosts}\n`);
    for (const path of [`${key}-cert.pub`, hosts]) chmodSync(path, 0o600);
    const commands = issued.logins.map(
      ({ login }) =>
        `ssh -i ${key} -o UserKnownHostsFile=${hosts} -p ${issued.gateway.port} ${login}@${issued.gateway.host}`,
    );
    show({ ...issued, commands }, () => [
      `Good until ${issued.expiresAt}. Connect with:`,
      ...commands.map((one) => `  ${one}`),
    ]);
  },
};

function publicHalf(key: string): string {
  try {
    return readFileSync(`${key}.pub`, 'utf8').trim();
  } catch (error) {
    throw new UsageError(
      `There is no ${key}.pub. Make a key with "ssh-keygen -t ed25519", or give --key.`,
      {},
      error,
    );
  }
}
