import { userList } from '#contract/identity';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'user list',
  summary: 'List the people with an account.',
  examples: ['ironbark user list'],
  async run({ server, show }) {
    const answer = await server().get('/api/users', userList);
    show(answer, () =>
      table(
        ['E-MAIL', 'NAME', 'ORGANISATION', 'ROLES', 'LOCKED', 'LAST SIGN-IN'],
        answer.users.map((user) => [
          user.email,
          user.name,
          user.organisation || null,
          user.roles.join(' '),
          user.locked ? 'locked' : '',
          user.lastSignInAt,
        ]),
      ),
    );
  },
};
