import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'agreement receipt',
  summary: 'Save the receipt of an acceptance as JSON; the page gives it as a PDF.',
  args: 'ACCEPTANCE FILE',
  examples: ['ironbark agreement receipt 019a… receipt.json'],
  async run({ args, server, show }) {
    const receipt = await server().get(
      at`/api/agreements/acceptances/${args[0] ?? ''}/receipt`,
      z.looseObject({}),
    );
    const [, file = ''] = args;
    writeFileSync(file, JSON.stringify(receipt), { mode: 0o600 });
    show({ file }, () => `Saved ${file}. Check it anywhere: ironbark verify ${file}`);
  },
};
