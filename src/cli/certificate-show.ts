import { certificateDetail } from '#contract/governance/certificates';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { plain } from './table.ts';

export const command: Command = {
  name: 'certificate show',
  summary: 'Show a certificate: scope, dates, conditions, every state it was in.',
  args: 'ID',
  examples: ['ironbark certificate show 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11'],
  async run({ args: [id = ''], server, show }) {
    const one = await server().get(at`/api/certificates/${id}`, certificateDetail);
    show(one, () =>
      [
        `${one.title}: ${one.level ?? one.scheme}, ${one.state}`,
        `  by ${one.assessor.organisation}, issued ${one.issuedAt.slice(0, 10)}, ends ${one.endsAt?.slice(0, 10) ?? 'not stated'}`,
        `  scope: ${one.scope.statement}`,
        `  systems: ${one.scope.environments.join(', ')}; services: ${one.scope.services.join(', ')}`,
        `  sites: ${one.scope.sites.join(', ')}; assets: ${one.scope.assets.join(', ')}`,
        `  report: ${one.report === null ? 'none' : `${one.report.name}, sha256 ${one.report.sha256}`}`,
        ...one.conditions.map(
          ({ text, dueAt, doneAt }) =>
            `  condition (${doneAt === null ? `due ${dueAt.slice(0, 10)}` : `met ${doneAt.slice(0, 10)}`}): ${text}`,
        ),
        ...one.warnings.flatMap(({ severity, text, remedy }) => [`  ${severity}: ${text}`, `    ${remedy}`]),
        ...one.history.map(
          ({ at: when, what, by, note }) => `  ${when} ${what}, ${by}${note === '' ? '' : `: ${note}`}`,
        ),
      ].map(plain),
    );
  },
};
