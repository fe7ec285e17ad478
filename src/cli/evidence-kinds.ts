import { kindList } from '#contract/governance/evidence';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'evidence kinds',
  summary: 'List what can be sent as evidence, and how old the newest of it is.',
  options: { environment: { value: 'ID', about: 'The system: odce or pdce.', required: true } },
  examples: ['ironbark evidence kinds --environment odce'],
  async run({ text, server, show }) {
    const answer = await server().get(
      `/api/evidence/kinds${query({ environment: text('environment') })}`,
      kindList,
    );
    show(answer, () =>
      table(
        ['KIND', 'TITLE', 'VALID DAYS', 'NEWEST', 'EXPIRES', 'CONTROLS'],
        answer.kinds.map((kind) => [
          kind.kind,
          kind.title,
          kind.validDays,
          kind.newest?.slice(0, 16) ?? null,
          kind.expiresAt?.slice(0, 16) ?? null,
          kind.controls.length,
        ]),
      ),
    );
  },
};
