import { versionDetail, versionList } from '#contract/community/agreements';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { plain, table } from './table.ts';

export const command: Command = {
  name: 'agreement show',
  summary: 'List the versions of the community policy, or show the clauses of one.',
  args: '[VERSION]',
  options: { marking: { value: 'MARKING', about: 'Only what applies there, for example PROTECTED.' } },
  examples: ['ironbark agreement show', 'ironbark agreement show 1 --marking PROTECTED'],
  async run({ args, text, server, show }) {
    const api = server();
    if (args[0] === undefined) {
      const { versions } = await api.get('/api/agreements/versions', versionList);
      return show(versions, () =>
        table(
          ['VERSION', 'STATE', 'CLASS', 'EFFECTIVE', 'MANDATORY', 'SHA-256'],
          versions.map((one) => [
            one.number,
            one.state,
            one.changeClass,
            one.effectiveAt,
            one.mandatoryAt,
            one.sha256,
          ]),
        ),
      );
    }
    const path = `/api/agreements/versions/${Number(args[0])}${query({ marking: text('marking') })}`;
    const detail = await api.get(path, versionDetail);
    return show(detail, () =>
      detail.sections.flatMap((section) => [
        '',
        plain(`${section.number} ${section.title}`),
        ...section.clauses.map((clause) =>
          plain(`  ${clause.number} ${clause.title} [${clause.id}; ${clause.owner}]`),
        ),
      ]),
    );
  },
};
