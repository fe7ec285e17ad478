import { alertPage } from '#contract/soc/triage';
import { filterOf, filterOptions } from './alert-filter.ts';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'alert list',
  summary: 'List alerts, newest first.',
  options: {
    ...filterOptions,
    after: { value: 'CURSOR', about: 'Go on after a page before: its "next".' },
    limit: { value: 'N', about: 'How many, at most 500; 200 when left out.' },
  },
  examples: ['ironbark alert list --state new --severity critical --severity high'],
  async run(call) {
    const path = `/api/alerts${query({ ...filterOf(call), after: call.text('after'), limit: call.text('limit') })}`;
    const page = await call.server().get(path, alertPage);
    call.show(page, () => [
      ...table(
        ['ID', 'SEVERITY', 'STATE', 'TENANCY', 'TITLE', 'ABOUT', 'EVENTS', 'LAST'],
        page.alerts.map((alert) => [
          alert.id,
          alert.severity,
          alert.outcome ?? alert.state,
          alert.tenancy,
          alert.title,
          alert.entities[0]?.value ?? null,
          alert.detections,
          alert.lastEventAt,
        ]),
      ),
      '',
      `${page.total} in all.${page.next === null ? '' : ` More: --after ${page.next}`}`,
    ]);
  },
};
