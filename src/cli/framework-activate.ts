import { activationList } from '#contract/governance/frameworks';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';
import { findEdition } from './framework-editions.ts';

export const command: Command = {
  name: 'framework activate',
  summary: 'Assess a system against an edition: also the way back to the one before.',
  args: 'EDITION',
  options: {
    system: { about: 'The environment.', value: 'ENVIRONMENT', required: true },
    profile: { about: 'Left out: the one that goes with the environment’s marking.', value: 'ID' },
  },
  notes: [
    'Answers stay: those to words that changed wait to be affirmed again, those to controls that are gone are kept.',
  ],
  examples: ['ironbark framework activate ism@2025.12.9 --system pdce --profile P'],
  async run({ args: [named = ''], text, server, show }) {
    const system = text('system');
    if (system === undefined) throw new UsageError('Name the system with --system.');
    const edition = await findEdition(server(), named);
    const path = at`/api/systems/${system}/editions`;
    const profile = text('profile') ?? (await server().get(path, activationList)).suggested;
    const answer = await server().send(
      'PUT',
      path,
      { json: { edition: edition.id, profile } },
      activationList,
    );
    show(answer, () =>
      answer.active.map(
        (one) => `${system} is assessed against ${one.framework} ${one.version}, profile ${one.profile}.`,
      ),
    );
  },
};
