import { personList } from '#contract/community/organisations';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'person list',
  summary: 'List the people of organisations, with or without an account.',
  options: { organisation: { value: 'ID', about: 'Only its people.' } },
  examples: ['ironbark person list --organisation acme'],
  async run({ text, server, show }) {
    const answer = await server().get(
      `/api/persons${query({ organisation: text('organisation') })}`,
      personList,
    );
    show(answer, () =>
      table(
        ['ID', 'NAME', 'E-MAIL', 'ORGANISATION', 'ACCOUNT', 'SCREENED UNTIL', 'LEFT'],
        answer.people.map((one) => [
          one.id,
          one.name,
          one.email,
          one.organisation,
          one.userId === null ? null : 'linked',
          one.screenedUntil?.slice(0, 10) ?? null,
          one.endedAt?.slice(0, 10) ?? '',
        ]),
      ),
    );
  },
};
