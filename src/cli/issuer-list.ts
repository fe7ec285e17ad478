import { issuerList } from '#contract/identity/oidc';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'issuer list',
  summary: 'List the OpenID Connect issuers that people sign in with.',
  examples: ['ironbark issuer list'],
  async run({ server, show }) {
    const answer = await server().get('/api/issuers', issuerList);
    show(answer, () =>
      answer.issuers.length === 0
        ? ['No issuer yet. Add one: ironbark issuer add agency --help']
        : table(
            ['ID', 'NAME', 'ADDRESS', 'ORGANISATION', 'STATE', 'SENDS BACK TO'],
            answer.issuers.map((one) => [
              one.id,
              one.name,
              one.url,
              one.organisation,
              one.enabled ? 'enabled' : 'disabled',
              one.redirectUri,
            ]),
          ),
    );
  },
};
