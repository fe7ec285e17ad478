import { places } from '#contract/community/places';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'device list',
  summary: 'List the devices that are registered, and what their posture was found to be.',
  examples: ['ironbark device list'],
  async run({ server, show }) {
    const { devices } = await server().get('/api/places', places);
    show({ devices }, () =>
      table(
        ['DEVICE', 'NAME', 'PERSON', 'MANAGED', 'POSTURE', 'LOOKED AT'],
        devices.map((one) => [
          one.id,
          one.name,
          one.person,
          one.managed ? 'yes' : 'no',
          one.posture,
          one.postureCheckedAt,
        ]),
      ),
    );
  },
};
