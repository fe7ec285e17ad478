import { changeList } from '#contract/community/planned-changes';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'change list',
  summary: 'List changes of the platform, newest first.',
  options: {
    environment: { value: 'ENVIRONMENT', about: 'Only of this environment.' },
    state: { value: 'STATE', about: 'draft, approved, rejected or closed.' },
  },
  examples: ['ironbark change list --state draft'],
  async run({ text, server, show }) {
    const [environment, state] = [text('environment'), text('state')];
    const query = [
      ...(environment === undefined ? [] : [at`environment=${environment}`]),
      ...(state === undefined ? [] : [at`state=${state}`]),
    ].join('&');
    const answer = await server().get(`/api/changes?${query}`, changeList);
    show(answer, () =>
      table(
        ['ID', 'ENVIRONMENT', 'STATE', 'FROM', 'UNTIL', 'ASKED BY', 'DECIDED BY', 'TITLE'],
        answer.changes.map((one) => [
          one.id,
          one.environment,
          one.open ? `${one.state}, open` : one.state,
          one.from,
          one.until,
          one.requestedBy.name,
          one.decidedBy?.name ?? null,
          one.emergencyReason === null ? one.title : `${one.title} (emergency)`,
        ]),
      ),
    );
  },
};
