import { communityView } from '#contract/community';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'community show',
  summary: 'List environments, organisations and tenancies.',
  examples: ['ironbark community show', 'ironbark community show --json'],
  async run({ server, show }) {
    const view = await server().get('/api/community', communityView);
    show(view, () => [
      ...table(
        ['ENVIRONMENT', 'NAME', 'MARKING'],
        view.environments.map(({ id, name, marking }) => [id, name, marking]),
      ),
      '',
      ...table(
        ['ORGANISATION', 'NAME', 'KIND'],
        view.organisations.map(({ id, name, kind }) => [id, name, kind]),
      ),
      '',
      ...table(
        ['TENANCY', 'ORGANISATION', 'ENVIRONMENT'],
        view.tenancies.map(({ id, organisation, environment }) => [id, organisation, environment]),
      ),
    ]);
  },
};
