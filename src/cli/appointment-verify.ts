import { appointment, newVerification } from '#contract/community/organisations';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'appointment verify',
  summary: 'Say that the evidence of an appointment holds.',
  args: 'ID',
  options: { note: { value: 'TEXT', about: 'What you checked, and how.', required: true } },
  notes: [
    'It takes two of the provider’s staff, or one verified CIO, CISO or COO of the organisation; never the appointee.',
    'You come as a person: set IRONBARK_TOKEN to a token of your own account.',
  ],
  examples: ['ironbark appointment verify 0193a1b2 --note "saw the letter, called the agency head"'],
  async run({ args, text, server, show }) {
    const json = newVerification.parse({ note: text('note') });
    const path = at`/api/appointments/${args[0] ?? ''}/verifications`;
    const done = await server().send('POST', path, { json }, appointment);
    show(done, () =>
      done.wanting > 0
        ? `Verified; ${done.wanting} more to verify it.`
        : `${done.person.name} is ${done.office} until ${done.expiresAt ?? 'it ends'}.`,
    );
  },
};
