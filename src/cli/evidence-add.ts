import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Sent, sent } from '#contract/governance/evidence';
import { query } from './client.ts';
import { type Call, type Command, exitCodes } from './command.ts';
import { tryLocally } from './evidence/local.ts';
import { UsageError } from './errors.ts';
import { plain, table } from './table.ts';

export const command: Command = {
  name: 'evidence add',
  summary: 'Send files of evidence; each is recorded as a whole, or not at all.',
  args: 'FILE...',
  options: {
    environment: { value: 'ID', about: 'The system it is about: odce or pdce.', required: true },
    kind: { value: 'KIND', about: 'What it is; left out: the file’s own look decides.' },
    source: { value: 'TEXT', about: 'What the facts are from, the same each time: "entra tenant acme".' },
    'collected-at': { value: 'TIME', about: 'When it was collected, where the file does not say.' },
    expires: { value: 'TIME', about: 'From when on it counts no more; left out: the kind says.' },
    population: { value: 'N/M', about: 'How many are covered, out of how many; N alone: nobody knows.' },
    'skip-bad-rows': { about: 'Take the rest of a file where a row can’t be read.' },
    'dry-run': { about: 'Only read and report: here, no server is needed.' },
  },
  notes: [
    'JSON, NDJSON and CSV, also packed with gzip; "ironbark evidence kinds" lists what else is understood.',
    'Exit codes: 0 all recorded (or known already), 1 a file was refused.',
  ],
  examples: [
    'ironbark evidence add sign-ins.json --environment odce --collected-at 2026-07-01T00:00:00Z',
    'ironbark evidence add hosts.csv --environment odce --kind acme.hosts --population 40/50 --dry-run',
  ],
  async run(call) {
    const { args, on, json, show, remark } = call;
    if (args.length === 0) throw new UsageError('Name the files to send.');
    const results: { file: string; result: Sent }[] = [];
    for (const file of args) {
      const size = await stat(file).catch(() => undefined);
      if (size === undefined || !size.isFile()) throw new UsageError(`"${file}" can't be read.`);
      const result = on('dry-run') ? await tryLocally(call, file) : await send(call, file);
      results.push({ file, result });
      if (!json) for (const line of linesOf(file, result)) remark(line);
    }
    show({ files: results.map(({ file, result }) => ({ file, ...result })) }, () => summary(results));
    return results.some(({ result }) => result.refused !== null && !result.known)
      ? exitCodes.failed
      : exitCodes.done;
  },
};

function send({ text, on, server }: Call, file: string): Promise<Sent> {
  const path = `/api/evidence${query({
    environment: text('environment'),
    kind: text('kind') ?? 'auto',
    name: basename(file),
    source: text('source'),
    collectedAt: text('collected-at'),
    expiresAt: text('expires'),
    population: text('population'),
    onBadRow: on('skip-bad-rows') ? 'skip-row' : undefined,
  })}`;
  const bytes = createReadStream(file);
  return server().send('POST', path, { bytes, type: 'application/octet-stream' }, sent);
}

function linesOf(file: string, { report }: Sent): string[] {
  if (report.lines.length === 0) return [];
  const first = report.lines.slice(0, 20);
  const more = report.refused + report.skipped - first.length;
  return [
    ...table(
      ['ROW', 'OUTCOME', `WHY (${plain(file)})`],
      first.map(({ row, outcome, why }) => [row, outcome, why]),
    ),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

const summary = (results: readonly { file: string; result: Sent }[]): string[] =>
  results.flatMap(({ file, result }) => [
    `${plain(file)}: ${outcome(result)}`,
    ...result.report.remarks.map((remark) => `  ${remark}`),
  ]);

function outcome({ collection, applied, known, dryRun, refused, report }: Sent): string {
  const rows = `${report.rows} rows: ${report.taken} taken, ${report.skipped} skipped, ${report.refused} refused`;
  if (known)
    return `known already (${collection?.id}). If it was collected anew, say when with --collected-at.`;
  if (refused !== null) return `refused. ${refused} ${rows}. Nothing was recorded.`;
  const about = `${collection?.kind ?? ''}, ${collection?.facts ?? 0} facts, expires ${collection?.expiresAt ?? ''}`;
  return applied
    ? `recorded (${collection?.id}), ${about}. ${rows}.`
    : dryRun
      ? `would be recorded: ${about}. ${rows}.`
      : rows;
}
