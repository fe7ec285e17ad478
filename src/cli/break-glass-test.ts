import { z } from 'zod';
import { breakGlassSignIn } from '#contract/identity/break-glass';
import { readSecret } from './secret.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'break-glass test',
  summary: 'Try that both halves open a break-glass account; opens nothing, and leaves them good.',
  args: 'E-MAIL',
  options: {
    first: { value: 'FILE', about: 'File with the first half.', required: true },
    second: { value: 'FILE', about: 'File with the second half.', required: true },
    reason: { value: 'TEXT', about: 'What the test is for.', required: true },
  },
  examples: [
    'ironbark break-glass test glass@wattle.example --first one.txt --second two.txt --reason "Yearly test of the halves"',
  ],
  async run({ args: [email = ''], text, io, server, show }) {
    const body = breakGlassSignIn.parse({
      email,
      first: await readSecret(text('first') ?? '', io.stdin),
      second: await readSecret(text('second') ?? '', io.stdin),
      reason: text('reason'),
    });
    const good = z.object({ good: z.literal(true) });
    const answer = await server().send('POST', '/api/session/break-glass/test', { json: body }, good);
    show(answer, () => `Both halves are good. The test is in the ledger.`);
  },
};
