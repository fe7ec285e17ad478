import { secretRenewal, sourceCreated } from '#contract/soc/sources';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'source secret',
  summary: "Renew a source's token or password; the old one ends now.",
  args: 'ID',
  options: {
    days: {
      value: 'DAYS',
      about: 'How long the new one is good; left out, 365 where the old one had an end.',
    },
  },
  examples: ['ironbark source secret dc01-winlogbeat --days 90'],
  async run({ args: [id = ''], text, server, show }) {
    const days = text('days');
    const body = secretRenewal.parse(days === undefined ? {} : { days: Number(days) });
    const made = await server().send('POST', at`/api/sources/${id}/secret`, { json: body }, sourceCreated);
    show(made, () => [
      `${made.source.id} has a new secret, shown this once:`,
      `  ${made.secret}`,
      ...(made.source.secretExpiresAt === null ? [] : [`It is good until ${made.source.secretExpiresAt}.`]),
    ]);
  },
};
