import { tokenList } from '#contract/identity';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'token list',
  summary: 'List API tokens.',
  examples: ['ironbark token list'],
  async run({ server, show }) {
    const answer = await server().get('/api/tokens', tokenList);
    show(answer, () =>
      table(
        ['ID', 'NAME', 'MAY', 'TENANCIES', 'EXPIRES', 'LAST USED'],
        answer.tokens.map((token) => [
          token.id,
          token.name,
          token.permissions.join(' '),
          token.tenancies.join(' ') || 'all',
          token.expiresAt,
          token.lastUsedAt,
        ]),
      ),
    );
  },
};
