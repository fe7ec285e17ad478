import { reportList } from '#contract/governance/reports';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'report list',
  summary: 'Reports that were asked for, the newest first.',
  options: { environment: { value: 'ID', about: 'Of this environment only.' } },
  examples: ['ironbark report list --environment odce'],
  async run({ server, show, text }) {
    const list = await server().get(`/api/reports${query({ environment: text('environment') })}`, reportList);
    show(list, () =>
      list.reports.length === 0
        ? 'None yet. "ironbark report make pack --environment ID --out FILE" makes one.'
        : table(
            ['ID', 'KIND', 'ENVIRONMENT', 'STATE', 'AS AT', 'ASKED BY', 'SHA-256'],
            list.reports.map((one) => [
              one.id,
              one.kind,
              one.tenancy ?? one.environment,
              one.state,
              one.asAt,
              one.askedBy,
              one.bundle?.sha256 ?? null,
            ]),
          ),
    );
  },
};
