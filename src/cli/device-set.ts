import { deviceInput } from '#contract/community/places';
import { z } from 'zod';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { findPerson } from './community-people.ts';

export const command: Command = {
  name: 'device set',
  summary: 'Register a device, or say what its posture was found to be just now.',
  args: 'DEVICE',
  options: {
    person: { value: 'E-MAIL|ID', about: 'Who it was given to.', required: true },
    name: { value: 'NAME', about: 'What people call it.', required: true },
    posture: { value: 'POSTURE', about: 'met, not-met or unknown.', required: true },
    unmanaged: { about: 'It is not managed (any more).' },
  },
  notes: [
    'DEVICE is what enforcement points name it by: the fingerprint of its certificate, or a host name.',
  ],
  examples: ['ironbark device set laptop-7 --person jo@wattle.example --name "Jo\'s laptop" --posture met'],
  async run({ args, text, on, server, show }) {
    const api = server();
    const { id: person } = await findPerson(api, text('person') ?? '');
    const json = deviceInput.parse({
      person,
      name: text('name'),
      managed: !on('unmanaged'),
      posture: text('posture'),
    });
    const device = args[0] ?? '';
    await api.send('PUT', at`/api/places/devices/${device}`, { json }, z.unknown());
    show({ id: device, ...json }, () => [`${device}: registered, posture ${json.posture}.`]);
  },
};
