import { z } from 'zod';
import { at, query } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'support playback',
  summary: 'A recording: its text, or asciicast for a player. Playing is itself recorded.',
  args: 'ID [NUMBER]',
  options: { asciicast: { about: 'As asciicast v2, to be played or kept.' } },
  examples: [
    'ironbark support playback 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11 1',
    'ironbark support playback 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11 1 --asciicast > session.cast',
  ],
  async run({ args: [id = '', number = '1'], on, server, show }) {
    const path = at`/api/support/sessions/${id}/recordings/${number}`;
    const as = on('asciicast') ? 'asciicast' : 'text';
    const played = await server().get(`${path}${query({ as })}`, z.object({ recording: z.string() }));
    show(played, () => played.recording.trimEnd());
  },
};
