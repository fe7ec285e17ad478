import { timePassed } from '#contract/community/agreements';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'agreement remind',
  summary: 'Look now for agreements that have lapsed and people to remind, as the system does each minute.',
  examples: ['ironbark agreement remind'],
  async run({ server, show }) {
    const found = await server().send('POST', '/api/agreements/reminders', undefined, timePassed);
    show(found, () => [
      ...found.lapsed.map(({ organisation, environment }) => `Lapsed: ${organisation} in ${environment}.`),
      ...found.reminded.map(
        ({ organisation, environment, deadline, daysBefore }) =>
          `Reminded ${organisation} of ${environment}: ${daysBefore} days or less until ${deadline}.`,
      ),
      `${found.lapsed.length} lapsed, ${found.reminded.length} reminded.`,
    ]);
  },
};
