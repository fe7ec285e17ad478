import { health } from '#contract/app';
import type { Command } from './command.ts';
import { exitCodes } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'health',
  summary: 'How the parts of the system are, now.',
  examples: ['ironbark health'],
  async run({ server, show }) {
    const now = await server().get('/api/health', health);
    show(now, () => [
      ...table(
        ['PART', 'STATE', 'DETAIL'],
        now.parts.map(({ name, state, detail }) => [name, state, detail]),
      ),
      '',
      `${now.overall}: ${Math.round(now.pipeline.eventsPerSecond)} events/s, ${now.pipeline.pendingEvents} pending.`,
    ]);
    return now.overall === 'failing' ? exitCodes.failed : exitCodes.done;
  },
};
