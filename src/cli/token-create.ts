import { newApiToken, tokenCreated } from '#contract/identity';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'token create',
  summary: 'Make an API token; prints its secret, this once.',
  args: 'NAME',
  options: {
    permission: {
      value: 'PERMISSION',
      about: 'What it may do: alert.read, event.read, … Can be repeated.',
      many: true,
      required: true,
    },
    tenancy: { value: 'ID', about: 'Only this tenancy. Can be repeated.', many: true },
    days: { value: 'N', about: 'How long it is good for: 1 to 366 days, 90 when left out.' },
  },
  examples: ['ironbark token create prometheus --permission health.read --days 365'],
  async run({ args: [name], text, texts, server, show }) {
    const body = newApiToken.parse({
      name,
      permissions: texts('permission'),
      tenancies: texts('tenancy'),
      ...(text('days') !== undefined && { days: Number(text('days')) }),
    });
    const made = await server().send('POST', '/api/tokens', { json: body }, tokenCreated);
    show(made, () => [`Good until ${made.token.expiresAt}; shown this once:`, `  ${made.secret}`]);
  },
};
