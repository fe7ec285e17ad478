import { sessionList } from '#contract/community/support';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { waitingFor } from './support-words.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'support list',
  summary: 'List support sessions, newest first.',
  options: { state: { value: 'STATE', about: 'requested, live, ended …: only these.' } },
  examples: ['ironbark support list', 'ironbark support list --state live'],
  async run({ text, server, show }) {
    const list = await server().get(`/api/support/sessions${query({ state: text('state') })}`, sessionList);
    show(list, () =>
      table(
        ['ID', 'STATE', 'TENANCY', 'WHAT FOR', 'ENGINEERS', 'WAITING FOR', 'ASKED'],
        list.sessions.map((session) => [
          session.id,
          session.state,
          session.tenancy,
          session.reason,
          session.engineers.map(({ name }) => name).join(', '),
          waitingFor(session),
          session.requestedAt,
        ]),
      ),
    );
  },
};
