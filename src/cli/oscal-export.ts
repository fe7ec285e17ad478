import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { oscalFileOf, oscalModels, readBundle } from '#governance/reports';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';
import { downloaded, made } from './reports/making.ts';

export const command: Command = {
  name: 'oscal export',
  summary: 'Write an environment as OSCAL 1.1.2 (JSON).',
  options: {
    environment: { value: 'ID', about: 'The environment.', required: true },
    model: { value: 'MODEL', about: 'all, or one of: catalog, profile, component, ssp, ap, ar, poam.' },
    out: { value: 'DIR', about: 'The folder the documents go to.', required: true },
  },
  notes: ['The documents refer to each other by file name, so keep them together.'],
  examples: [
    'ironbark oscal export --environment odce --out odce-oscal',
    'ironbark oscal export --environment odce --model ssp --out .',
  ],
  async run(call) {
    const { text, server, show } = call;
    const wanted = text('model') ?? 'all';
    const models = oscalModels.filter((model) => wanted === 'all' || wanted === model);
    if (models.length === 0) throw new UsageError(`--model is all, or one of: ${oscalModels.join(', ')}.`);
    const client = server();
    const input = { environment: text('environment') ?? '', kind: 'oscal', tenancy: null } as const;
    const done = await made(client, input, call);
    const names = new Set<string>(models.map((model) => oscalFileOf[model]));
    const bundle = await readBundle(await downloaded(client, done.id, 'bundle'));
    const documents = bundle.filter(({ path }) => names.has(path));
    // Assessment results and the plan of action point to the proofs of what they rest on.
    const proofs = models.some((model) => model === 'ar' || model === 'poam')
      ? bundle.filter(({ path }) => path.startsWith('proofs/'))
      : [];
    const files = documents.length === 0 ? [] : [...documents, ...proofs];
    if (files.length === 0)
      throw new UsageError('There is nothing to be done in this environment, so there is no plan of action.');
    const folder = text('out') ?? '';
    for (const { path, bytes } of files) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes, { mode: 0o600 });
    }
    const saved = files.map(({ path }) => join(folder, path));
    show({ report: done.id, saved }, () => saved.map((file) => `Saved ${file}`));
  },
};
