import { findingList } from '#contract/governance/evidence';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'evidence findings',
  summary: 'List controls that evidence found not met.',
  options: {
    environment: { value: 'ID', about: 'The system: odce or pdce.', required: true },
    state: { value: 'STATE', about: 'open (the default), closed or all.' },
  },
  examples: ['ironbark evidence findings --environment odce --json'],
  async run({ text, server, show }) {
    const state = text('state') ?? 'open';
    if (!['open', 'closed', 'all'].includes(state)) throw new UsageError('--state is open, closed or all.');
    const path = `/api/evidence/findings${query({ environment: text('environment'), state })}`;
    const { findings } = await server().get(path, findingList);
    show({ findings }, () =>
      table(
        ['CONTROL', 'STATE', 'DUE', 'OWNER', 'LAST', 'BECAUSE'],
        findings.map((one) => [
          one.control,
          one.state,
          one.dueAt === null ? null : `${one.dueAt.slice(0, 10)}${one.overdue ? ' late' : ''}`,
          one.owner?.name ?? null,
          one.lastStatus,
          one.because,
        ]),
      ),
    );
  },
};
