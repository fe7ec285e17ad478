import { organisationList } from '#contract/community/organisations';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'organisation list',
  summary: 'List organisations and where each of their tenancies stands.',
  examples: ['ironbark organisation list'],
  async run({ server, show }) {
    const answer = await server().get('/api/organisations', organisationList);
    show(answer, () =>
      table(
        ['ID', 'NAME', 'KIND', 'TENANCIES', 'PEOPLE', 'CONTACTS'],
        answer.organisations.map((one) => [
          one.id,
          one.name,
          one.kind,
          one.tenancies.map(({ environment, state }) => `${environment} ${state}`).join(', ') || null,
          one.people,
          one.contacts,
        ]),
      ),
    );
  },
};
