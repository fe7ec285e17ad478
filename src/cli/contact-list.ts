import { contactList } from '#contract/community/organisations';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'contact list',
  summary: 'List whom to call in an incident, and whether that was confirmed in time.',
  args: 'ORGANISATION',
  examples: ['ironbark contact list acme'],
  async run({ args, server, show }) {
    const answer = await server().get(at`/api/organisations/${args[0] ?? ''}/contacts`, contactList);
    show(answer, () => [
      ...table(
        ['SEVERITY', 'TOPIC', 'RANK', 'NAME', 'PHONE', 'E-MAIL', 'CONFIRM BY'],
        answer.contacts.map((one) => [
          one.severity,
          one.topic || 'any',
          one.rank,
          one.name,
          one.phone,
          one.email,
          one.dueAt.slice(0, 10),
        ]),
      ),
      '',
      `${answer.standing}: ${answer.why}`,
    ]);
  },
};
