import { contactList } from '#contract/community/organisations';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'contact confirm',
  summary: 'Say that all incident contacts were looked at and are right.',
  args: 'ORGANISATION',
  examples: ['ironbark contact confirm acme'],
  async run({ args, server, show }) {
    const path = at`/api/organisations/${args[0] ?? ''}/contacts/confirmation`;
    const done = await server().send('POST', path, undefined, contactList);
    show(done, () => `${done.contacts.length} contacts are confirmed. ${done.why}`);
  },
};
