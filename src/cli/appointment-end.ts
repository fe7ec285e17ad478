import { appointment, ending } from '#contract/community/organisations';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'appointment end',
  summary: 'End an appointment now, and what was delegated from it.',
  args: 'ID',
  options: { reason: { value: 'TEXT', about: 'For the record.', required: true } },
  examples: ['ironbark appointment end 0193a1b2 --reason "new CIO"'],
  async run({ args, text, server, show }) {
    const json = ending.parse({ reason: text('reason') });
    const done = await server().send(
      'POST',
      at`/api/appointments/${args[0] ?? ''}/end`,
      { json },
      appointment,
    );
    show(done, () => `${done.person.name} is not ${done.office} any more.`);
  },
};
