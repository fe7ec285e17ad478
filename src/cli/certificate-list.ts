import { certificateList } from '#contract/governance/certificates';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'certificate list',
  summary: 'List what assessors have found of our systems, and until when it holds.',
  examples: ['ironbark certificate list'],
  async run({ server, show }) {
    const list = await server().get('/api/certificates', certificateList);
    show(list, () =>
      table(
        ['ID', 'SCHEME', 'TITLE', 'STATE', 'SYSTEMS', 'ISSUED', 'ENDS', 'SURVEILLANCE', 'WARNINGS'],
        list.certificates.map((one) => [
          one.id,
          one.level ?? one.scheme,
          one.title,
          one.state,
          one.scope.environments.join(' '),
          one.issuedAt.slice(0, 10),
          one.endsAt?.slice(0, 10) ?? null,
          one.nextSurveillanceAt?.slice(0, 10) ?? null,
          one.warnings.length,
        ]),
      ),
    );
  },
};
