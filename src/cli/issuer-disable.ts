import { issuer } from '#contract/identity/oidc';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'issuer disable',
  summary: 'Let people sign in with an issuer no more.',
  args: 'ID',
  examples: ['ironbark issuer disable agency'],
  async run({ args: [id = ''], server, show }) {
    const changed = await server().send(
      'PATCH',
      at`/api/issuers/${id}`,
      { json: { enabled: false } },
      issuer,
    );
    show(changed, () => `${changed.name} is ${changed.enabled ? 'enabled' : 'disabled'}.`);
  },
};
