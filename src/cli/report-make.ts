import { writeFileSync } from 'node:fs';
import { reportKind } from '#contract/governance/reports';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';
import { downloaded, made } from './reports/making.ts';

export const command: Command = {
  name: 'report make',
  summary: 'Make a report of an environment and save it.',
  args: 'KIND',
  options: {
    environment: { value: 'ID', about: 'The environment.', required: true },
    out: { value: 'FILE', about: 'Where to save it.', required: true },
    tenancy: { value: 'ID', about: 'With ccm: for this customer’s tenancy only.' },
    bundle: { about: 'Save the archive with manifest, signature and proofs, not the file by itself.' },
  },
  notes: [
    'KIND is one of: pack (for an assessor), ssp, ssp-annex, ccm, soa, poam, oscal. The pack and oscal are archives already.',
    '"ironbark verify FILE" checks an archive: its files, the signature and the proofs of its evidence.',
  ],
  examples: [
    'ironbark report make pack --environment odce --out odce-pack.zip',
    'ironbark report make ssp-annex --environment pdce --out annex.xlsx',
  ],
  async run(call) {
    const { args, on, text, server, show } = call;
    const kind = reportKind.safeParse(args[0]);
    if (!kind.success) throw new UsageError(`KIND is one of: ${reportKind.options.join(', ')}.`);
    const client = server();
    const input = {
      environment: text('environment') ?? '',
      kind: kind.data,
      tenancy: text('tenancy') ?? null,
    };
    const done = await made(client, input, call);
    const what = on('bundle') ? 'bundle' : 'file';
    const file = text('out') ?? '';
    writeFileSync(file, await downloaded(client, done.id, what), { mode: 0o600 });
    show({ ...done, saved: file }, () => [
      `Saved ${file} (${done[what]?.bytes ?? 0} bytes, SHA-256 ${done[what]?.sha256 ?? ''}).`,
      `It rests on ${done.evidence?.collections ?? 0} pieces of evidence; ${done.evidence?.proven ?? 0} have a proof of the ledger.`,
    ]);
  },
};
