import { certificateList } from '#contract/governance/certificates';
import type { Command } from './command.ts';
import { table } from './table.ts';

const order = ['breach', 'warning', 'notice'];

export const command: Command = {
  name: 'certificate warnings',
  summary:
    'List what is wrong with certificates or will be, and what to do. Exits with 1 where one is breached.',
  examples: ['ironbark certificate warnings'],
  async run({ server, show }) {
    const { certificates } = await server().get('/api/certificates', certificateList);
    const warnings = certificates
      .flatMap(({ id, title, warnings: all }) => all.map((one) => ({ certificate: id, title, ...one })))
      .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
    show({ warnings }, () =>
      table(
        ['SEVERITY', 'CERTIFICATE', 'WHAT', 'DUE', 'WHAT TO DO'],
        warnings.map((one) => [
          one.severity,
          one.title,
          one.text,
          one.dueAt?.slice(0, 10) ?? null,
          one.remedy,
        ]),
      ),
    );
    return warnings.some(({ severity }) => severity === 'breach') ? 1 : 0;
  },
};
