import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { importAnswer } from '#contract/governance/frameworks';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'framework import',
  summary: 'Import an edition of a framework: an OSCAL catalogue, or an archive of one and its profiles.',
  args: 'FILE',
  options: { framework: { about: 'Its id; left out: "ism" for the ISM, else from its title.', value: 'ID' } },
  notes: ['Editions lie beside each other; a system uses the one that is activated for it.'],
  examples: ['ironbark framework import ISM_catalog.json'],
  async run({ args, text, server, show }) {
    const [file = ''] = args;
    const bytes = await readFile(file).catch((error: unknown) => {
      throw new UsageError(`"${file}" can't be read: ${error instanceof Error ? error.message : 'unknown'}`);
    });
    const path = `/api/frameworks/editions${query({ name: basename(file), framework: text('framework') })}`;
    const answer = await server().send(
      'POST',
      path,
      { bytes, type: 'application/octet-stream' },
      importAnswer,
    );
    const { edition, created, notes } = answer;
    show(answer, () => [
      `${edition.framework} ${edition.version}, ${edition.controls} controls: ${created ? 'imported' : 'there already'} as ${edition.id}.`,
      ...notes,
    ]);
  },
};
