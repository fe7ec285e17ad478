import { decisionPage } from '#contract/community/gate';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'gate log',
  summary: 'List decisions, newest first.',
  options: {
    subject: { value: 'WHO', about: 'Only about this person: id or as it was asked.' },
    organisation: { value: 'ID', about: 'Only about this organisation.' },
    action: { value: 'ACTION', about: 'Only this action.' },
    outcome: { value: 'OUTCOME', about: 'permit or deny.' },
    from: { value: 'TIME', about: 'From this time on, ISO 8601.' },
    until: { value: 'TIME', about: 'Before this time.' },
    before: { value: 'CURSOR', about: 'Go on after a page before: its "next".' },
    limit: { value: 'N', about: 'How many, at most 200; 50 when left out.' },
  },
  examples: ['ironbark gate log --outcome deny --organisation acme'],
  async run({ text, server, show }) {
    const names = ['subject', 'organisation', 'action', 'outcome', 'from', 'until', 'before', 'limit'];
    const path = `/api/decisions${query(Object.fromEntries(names.map((name) => [name, text(name)])))}`;
    const page = await server().get(path, decisionPage);
    show(page, () => [
      ...table(
        ['AT', 'OUTCOME', 'WHO', 'ACTION', 'RESOURCE', 'TENANCY', 'TO MEND', 'ID'],
        page.decisions.map((one) => [
          one.at,
          one.permitted ? 'permit' : 'deny',
          one.subjectName,
          one.action,
          `${one.resource.type}/${one.resource.id}`,
          one.tenancy === '' ? null : one.tenancy,
          one.toMend.join(', '),
          one.id,
        ]),
      ),
      ...(page.next === null ? [] : ['', `More: --before ${page.next}`]),
    ]);
  },
};
