import { collectionDetail, factsPage } from '#contract/governance/evidence';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { plain, table } from './table.ts';

export const command: Command = {
  name: 'evidence show',
  summary: 'Show a collection, what became of its rows, and its first facts.',
  args: 'ID',
  examples: ['ironbark evidence show 01980000-0000-7000-8000-000000000000 --json'],
  async run({ args, server, show }) {
    const id = args[0] ?? '';
    const detail = await server().get(at`/api/evidence/collections/${id}`, collectionDetail);
    const page = await server().get(at`/api/evidence/collections/${id}/facts`, factsPage);
    show({ ...detail, ...page }, () => [
      `${plain(detail.title)} from ${plain(detail.source)} (${detail.kind}), ${detail.state}`,
      `collected ${detail.collectedAt}, expires ${detail.expiresAt}, received ${detail.receivedAt} by ${plain(detail.by)}`,
      `covers ${detail.population.covered} of ${detail.population.of ?? 'an unknown number of'} ${plain(detail.population.basis)}`,
      `${plain(detail.origin)}, SHA-256 ${detail.hash}, read by: ${detail.importer}`,
      ...(detail.report?.remarks ?? []),
      '',
      ...table(
        ['SUBJECT', 'AT', 'VALUES'],
        page.facts.map((fact) => [fact.subject, fact.at, JSON.stringify(fact.values)]),
      ),
      `${page.facts.length} of ${page.total} facts`,
    ]);
  },
};
