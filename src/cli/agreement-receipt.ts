import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { at, type Client } from './client.ts';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'agreement receipt',
  summary: 'Save the receipt of an acceptance: as a PDF where FILE ends in .pdf, else as JSON.',
  args: 'ACCEPTANCE FILE',
  examples: ['ironbark agreement receipt 019a… receipt.pdf', 'ironbark agreement receipt 019a… receipt.json'],
  async run({ args: [id = '', file = ''], server, show }) {
    writeFileSync(file, await receiptAs(file.toLowerCase().endsWith('.pdf'), server(), id), { mode: 0o600 });
    show({ file }, () => `Saved ${file}. Check it anywhere: ironbark verify ${file}`);
  },
};

async function receiptAs(pdf: boolean, server: Client, id: string): Promise<Buffer | string> {
  if (!pdf)
    return JSON.stringify(await server.get(at`/api/agreements/acceptances/${id}/receipt`, z.looseObject({})));
  const bytes = await server.bytes(at`/api/agreements/acceptances/${id}/receipt.pdf`);
  if (bytes === undefined)
    throw new UsageError(`There is no acceptance "${id}" here; "ironbark agreement status" lists yours.`);
  return bytes;
}
