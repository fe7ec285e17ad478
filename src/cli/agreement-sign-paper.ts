import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { acceptance, newPaper, paper } from '#contract/community/agreements';
import { z } from 'zod';
import { at } from './client.ts';
import type { Call, Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'agreement sign-paper',
  summary: 'Record an acceptance that was signed on paper, or confirm one as a second person.',
  args: 'FILE [ORGANISATION] [ENVIRONMENT]',
  options: {
    version: { value: 'N', about: 'The version that was signed.' },
    signer: { value: 'NAME', about: 'Who signed.' },
    office: { value: 'OFFICE', about: 'CIO or CISO.' },
    on: { value: 'DAY', about: 'The day that stands on the paper: 2026-11-23.' },
    confirm: {
      value: 'ID',
      about: 'Confirm what another person recorded, with the same FILE in your hands.',
    },
  },
  notes: ['The file stays where it is: its SHA-256 is recorded.'],
  examples: [
    'ironbark agreement sign-paper signed.pdf acme odce --version 1 --signer "Rae Oduya" --office CISO --on 2026-11-02',
    'ironbark agreement sign-paper signed.pdf --confirm 019a…',
  ],
  async run(call) {
    const [file = ''] = call.args;
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    const id = call.text('confirm');
    if (id === undefined) return recordIt(call, basename(file), sha256);
    const { acceptance: made } = await call
      .server()
      .send(
        'POST',
        at`/api/agreements/papers/${id}`,
        { json: { do: 'confirm', sha256 } },
        z.object({ acceptance: acceptance.nullable() }),
      );
    call.show(made, () => `Confirmed: ${made?.organisation} has agreed for ${made?.environment}.`);
  },
};

async function recordIt(call: Call, name: string, sha256: string): Promise<void> {
  const { args, text, server, show } = call;
  if (args[2] === undefined) throw new UsageError('Name the organisation and the environment.');
  const json = newPaper.parse({
    organisation: args[1],
    environment: args[2],
    version: Number(text('version')),
    signerName: text('signer'),
    office: text('office'),
    signedOn: text('on'),
    evidenceName: name,
    evidenceSha256: sha256,
  });
  const made = await server().send('POST', '/api/agreements/papers', { json }, paper);
  show(made, () => `Recorded as ${made.id}. It counts when a second person confirms it with the same file.`);
}
