import { ending, person } from '#contract/community/organisations';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { findPerson } from './community-people.ts';

export const command: Command = {
  name: 'person end',
  summary: 'Somebody left: ends their sessions, their account and their appointments at once.',
  args: 'E-MAIL|ID',
  options: { reason: { value: 'TEXT', about: 'For the record.', required: true } },
  examples: ['ironbark person end pat@acme.example --reason "left the agency"'],
  async run({ args, text, server, show }) {
    const json = ending.parse({ reason: text('reason') });
    const api = server();
    const { id } = await findPerson(api, args[0] ?? '');
    const ended = await api.send('POST', at`/api/persons/${id}/end`, { json }, person);
    show(ended, () => `${ended.name} can do nothing here any more.`);
  },
};
