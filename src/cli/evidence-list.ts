import { collectionList } from '#contract/governance/evidence';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'evidence list',
  summary: 'List collections of evidence, newest arrivals first.',
  options: {
    environment: { value: 'ID', about: 'The system: odce or pdce.', required: true },
    kind: { value: 'KIND', about: 'Only of this kind.' },
  },
  examples: ['ironbark evidence list --environment odce'],
  async run({ text, server, show }) {
    const path = `/api/evidence${query({ environment: text('environment'), kind: text('kind'), limit: 200 })}`;
    const answer = await server().get(path, collectionList);
    show(answer, () =>
      table(
        ['ID', 'KIND', 'SOURCE', 'COLLECTED', 'EXPIRES', 'STATE', 'COVERED', 'FACTS'],
        answer.collections.map((one) => [
          one.id,
          one.kind,
          one.source,
          one.collectedAt.slice(0, 16),
          one.expiresAt.slice(0, 16),
          one.state,
          `${one.population.covered}/${one.population.of ?? '?'}`,
          one.facts,
        ]),
      ),
    );
  },
};
